import type * as z from 'zod';
import type { UserFacingError } from '../../core/errors.ts';
import { parseJsonText } from '../../core/text/decodeText.ts';
import type { OwnFolder } from './ownFolder.ts';

/** What is kept in a JSON file, and how. */
export interface JsonFormat<T> {
  readonly schema: z.ZodType<T>;
  /** In bytes; what is larger is not read. */
  readonly longest: number;
  /** What is thrown where the file holds something else, and says how to go on. */
  readonly invalid?: (path: string, cause: unknown) => UserFacingError;
  /** For `JSON.stringify`. */
  readonly replacer?: (key: string, value: unknown) => unknown;
}

/** A JSON file in a folder of ours: checked with a schema where it is read, and written whole at once. */
export class JsonFile<T> {
  readonly path: string;
  readonly #folder: OwnFolder;
  readonly #name: string;
  readonly #format: JsonFormat<T>;
  /** What was read or written last. */
  #known: string | null = null;

  constructor(folder: OwnFolder, name: string, format: JsonFormat<T>) {
    this.path = folder.file(name);
    this.#folder = folder;
    this.#name = name;
    this.#format = format;
  }

  /** `null` where there is no such file. Throws what {@link OwnFolder.read} throws, and the format's `invalid`. */
  async read(): Promise<T | null> {
    const text = await this.#text();
    if (text === null) return null;
    this.#known = text;
    try {
      return this.#format.schema.parse(parseJsonText(text));
    } catch (error) {
      throw this.#format.invalid?.(this.path, error) ?? error;
    }
  }

  /** For a file that can be done without: `null` where it cannot be read, too. */
  async readIfValid(): Promise<T | null> {
    return this.read().catch(() => null);
  }

  /** Makes the folder if need be. Throws what {@link OwnFolder.write} throws. */
  async write(content: T): Promise<void> {
    const text = jsonText(content, this.#format.replacer);
    await this.#folder.write(this.#name, text);
    this.#known = text;
  }

  /** The same, unless that is what was read or written last: each write waits for the disk. */
  async update(content: T): Promise<void> {
    if (this.#known !== jsonText(content, this.#format.replacer)) await this.write(content);
  }

  /** Whether another program has written it, or taken it away, since it was read or written last. */
  async isChanged(): Promise<boolean> {
    return this.#known !== null && (await this.#text()) !== this.#known;
  }

  /** What cannot be removed stays. */
  async remove(): Promise<void> {
    await this.#folder.remove(this.#name);
  }

  #text(): Promise<string | null> {
    return this.#folder.read(this.#name, this.#format.longest);
  }
}

/** JSON as we write files that a person may look into. */
export function jsonText(content: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return `${JSON.stringify(content, replacer, 2)}\n`;
}
