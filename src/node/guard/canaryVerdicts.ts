import { type CanaryVerdict, canaryVerdictList, withVerdict } from '../../core/identity/apiVerdict.ts';
import { hygieneFolderOf, makeHygieneFolder } from './hygieneFolder.ts';

const fileName = 'canaries.json';
/** In bytes. */
const longest = 1 << 20;

/** What canary runs told of servers, in one small file of the workspace folder, beside the pins. */
export class CanaryVerdicts {
  readonly #workspaceFolder: string;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
  }

  /** All of them. A file that cannot be read holds none: a canary run tells again, and drains ask each time. */
  async read(): Promise<readonly CanaryVerdict[]> {
    try {
      const text = await hygieneFolderOf(this.#workspaceFolder).read(fileName, longest);
      return text === null ? [] : canaryVerdictList.parse(JSON.parse(text)).verdicts;
    } catch {
      return [];
    }
  }

  /** Keeps a verdict in the place of an older one of the same server and file. */
  async keep(verdict: CanaryVerdict): Promise<void> {
    const verdicts = withVerdict(await this.read(), verdict);
    const folder = await makeHygieneFolder(this.#workspaceFolder);
    await folder.write(fileName, `${JSON.stringify({ version: 1, verdicts }, null, 2)}\n`);
  }
}
