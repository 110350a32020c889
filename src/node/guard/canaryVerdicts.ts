import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type CanaryVerdict, canaryVerdictList, withVerdict } from '../../core/guard/canaryVerdict.ts';
import { fileError } from '../files/fileError.ts';
import { hygieneFolderName, makeHygieneFolder } from './hygieneFolder.ts';

/** What canary runs told of servers, in one small file of the workspace folder, beside the pins. */
export class CanaryVerdicts {
  readonly #workspaceFolder: string;
  readonly #path: string;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#path = join(workspaceFolder, hygieneFolderName, 'canaries.json');
  }

  /** All of them. A file that cannot be read holds none: a canary run tells again, and drains ask each time. */
  async read(): Promise<readonly CanaryVerdict[]> {
    try {
      return canaryVerdictList.parse(JSON.parse(await readFile(this.#path, 'utf8'))).verdicts;
    } catch {
      return [];
    }
  }

  /** Keeps a verdict in the place of an older one of the same server and file. */
  async keep(verdict: CanaryVerdict): Promise<void> {
    const verdicts = withVerdict(await this.read(), verdict);
    await makeHygieneFolder(this.#workspaceFolder);
    try {
      await writeFileAtomic(this.#path, `${JSON.stringify({ version: 1, verdicts }, null, 2)}\n`);
    } catch (error) {
      throw fileError(error, this.#path);
    }
  }
}
