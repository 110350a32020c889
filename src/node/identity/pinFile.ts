import { rename } from 'node:fs/promises';
import type * as z from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import { pinList, withPin, type DatabasePin } from '../../core/identity/databasePin.ts';
import { t } from '../../core/text/l10n.ts';
import { fileError } from '../system/fileError.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';

const format = {
  schema: pinList,
  // A pin takes a few hundred bytes, and those of runs a few dozen each.
  longest: 4 << 20,
  invalid: (path: string, cause: unknown) =>
    new UserFacingError(
      'unreadable-pins',
      t`${path} does not hold the pins of this folder.`,
      t`Move that file away; databases are pinned anew when they are next written.`,
      { cause },
    ),
};

/** The pins of one workspace folder, in one small file in it that git ignores. */
export class PinFile {
  readonly path: string;
  readonly #workspaceFolder: string;
  readonly #file: JsonFile<z.output<typeof pinList>>;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#file = new JsonFile(hygieneFolderOf(workspaceFolder), 'pins.json', format);
    this.path = this.#file.path;
  }

  /** All pins; none without a file. Fails with `unreadable-pins` where the file is not what we wrote: it is not ignored. */
  async read(): Promise<readonly DatabasePin[]> {
    try {
      return (await this.#file.read())?.pins ?? [];
    } catch (error) {
      const mayBeMovedAway = error instanceof UserFacingError && error.code !== 'no-permission';
      if (!mayBeMovedAway || error.code === 'unreadable-pins') throw error;
      // A link, say, that somebody put there; it can be moved away like a damaged file.
      throw new UserFacingError('unreadable-pins', error.message, error.nextStep, { cause: error });
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
    await this.#file.write({ version: 1, pins });
  }
}
