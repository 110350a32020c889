import { rename } from 'node:fs/promises';
import { UserFacingError } from '../../core/errors.ts';
import { pinList, withPin, type DatabasePin } from '../../core/identity/databasePin.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';
import { fileError } from '../system/fileError.ts';
import type { OwnFolder } from '../system/ownFolder.ts';
import { hygieneFolderOf, makeHygieneFolder } from './hygieneFolder.ts';

const fileName = 'pins.json';
/** In bytes. A pin takes a few hundred, and those of runs a few dozen each. */
const longest = 4 << 20;

/** The pins of one workspace folder, in one small file in it that git ignores. */
export class PinFile {
  readonly path: string;
  readonly #workspaceFolder: string;
  readonly #folder: OwnFolder;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#folder = hygieneFolderOf(workspaceFolder);
    this.path = this.#folder.file(fileName);
  }

  /** All pins; none without a file. Fails with `unreadable-pins` where the file is not what we wrote: it is not ignored. */
  async read(): Promise<readonly DatabasePin[]> {
    const text = await this.#readText();
    if (text === null) return [];
    try {
      return pinList.parse(parseJsonText(text)).pins;
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
    const folder = await makeHygieneFolder(this.#workspaceFolder);
    await folder.write(fileName, `${JSON.stringify({ version: 1, pins }, null, 2)}\n`);
  }

  async #readText(): Promise<string | null> {
    try {
      return await this.#folder.read(fileName, longest);
    } catch (error) {
      if (!(error instanceof UserFacingError) || error.code === 'no-permission') throw error;
      // A link, say, that somebody put there; it can be moved away like a damaged file.
      throw new UserFacingError('unreadable-pins', error.message, error.nextStep, { cause: error });
    }
  }
}
