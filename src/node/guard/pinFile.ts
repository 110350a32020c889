import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { UserFacingError } from '../../core/errors.ts';
import { type DatabasePin, pinList, withPin } from '../../core/guard/databasePin.ts';
import { errnoCode, fileError } from '../files/fileError.ts';
import { hygieneFolderName, makeHygieneFolder } from './hygieneFolder.ts';

/** The pins of one workspace folder, in one small file in it that git ignores. */
export class PinFile {
  readonly path: string;
  readonly #workspaceFolder: string;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.path = join(workspaceFolder, hygieneFolderName, 'pins.json');
  }

  /** All pins; none without a file. Fails with `unreadable-pins` where the file is not what we wrote: it is not ignored. */
  async read(): Promise<readonly DatabasePin[]> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return [];
      throw fileError(error, this.path);
    }
    try {
      return pinList.parse(JSON.parse(text)).pins;
    } catch (error) {
      throw new UserFacingError(
        'unreadable-pins',
        `${this.path} does not hold the pins of this folder.`,
        'Move that file away; databases are pinned anew when they are next written.',
        { cause: error },
      );
    }
  }

  /** Puts a file that cannot be read out of the way, and gives its new absolute path. `now` is ms since the epoch. */
  async moveAway(now: number): Promise<string> {
    const aside = `${this.path}.damaged-${now}`;
    try {
      await rename(this.path, aside);
    } catch (error) {
      throw fileError(error, this.path);
    }
    return aside;
  }

  /** Adds a pin, in the place of an older one of the same database. The file is replaced whole. */
  async add(pin: DatabasePin): Promise<void> {
    const pins = withPin(await this.read(), pin);
    await makeHygieneFolder(this.#workspaceFolder);
    try {
      await writeFileAtomic(this.path, `${JSON.stringify({ version: 1, pins }, null, 2)}\n`);
    } catch (error) {
      throw fileError(error, this.path);
    }
  }
}
