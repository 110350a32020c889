import { t } from '../core/text/l10n.ts';
import type { FileStamp, SourceFile, SourceFiles } from '../core/db/snapshot/sourceFiles.ts';
import { UserFacingError } from '../core/errors.ts';
import type { DatabaseBytes } from '../protocol/readerProtocol.ts';
import { allocateMemory } from './sharedMemory.ts';

/** Files that this machine's file system does not hold, read whole: those of a virtual workspace. */
export interface VirtualFilesPort {
  /** Whether a path is one of these. */
  handles(path: string): boolean;
  /** Changes whenever the file does; `null` where there is none. */
  stamp(path: string): Promise<string | null>;
  read(path: string): Promise<Uint8Array>;
  /** When it was written, in ms since the epoch; 0 where it is unknown, as without this. */
  modifiedAt?(path: string): Promise<number>;
}

const suffixes = ['', '-wal', '-journal'];
/** How often a database may move while it is read before it counts as busy. */
const attempts = 5;

/** Fetches databases from virtual files, and again only when they changed. */
export class VirtualDatabases {
  readonly #files: VirtualFilesPort;
  readonly #known = new Map<string, { readonly stamps: string; readonly content: DatabaseBytes }>();
  /** The last reading of each path, which never rejects. */
  readonly #reading = new Map<string, Promise<void>>();
  #revision = 0;

  constructor(files: VirtualFilesPort) {
    this.#files = files;
  }

  handles(path: string): boolean {
    return this.#files.handles(path);
  }

  /**
   * The files of a database, of one moment as far as their stamps tell. Fails with `busy`, and with what reading fails with.
   * Who asks while it is fetched looks once that is done, and so need not fetch it again.
   */
  async read(path: string): Promise<DatabaseBytes> {
    const before = this.#reading.get(path) ?? Promise.resolve();
    const read = before.then(() => this.#read(path));
    const settled = read.then(
      () => undefined,
      () => undefined,
    );
    this.#reading.set(path, settled);
    try {
      return await read;
    } finally {
      if (this.#reading.get(path) === settled) this.#reading.delete(path);
    }
  }

  async #read(path: string): Promise<DatabaseBytes> {
    for (let i = 0; i < attempts; i++) {
      const stamps = await this.#stamps(path);
      const known = this.#known.get(path);
      if (known?.stamps === stamps.join()) return known.content;
      const files = new Map<string, Uint8Array>();
      for (const [at, suffix] of suffixes.entries()) {
        if (stamps[at] !== null) files.set(suffix, share(await this.#files.read(path + suffix)));
      }
      const modifiedAt = (await this.#files.modifiedAt?.(path)) ?? 0;
      if ((await this.#stamps(path)).join() !== stamps.join()) continue;
      const content = { revision: ++this.#revision, modifiedAt, files };
      // One at a time: they are whole databases.
      this.#known.clear();
      this.#known.set(path, { stamps: stamps.join(), content });
      return content;
    }
    throw new UserFacingError(
      'busy',
      t`${path} changes faster than it can be read.`,
      t`Try again in a moment.`,
    );
  }

  #stamps(path: string): Promise<(string | null)[]> {
    return Promise.all(suffixes.map((suffix) => this.#files.stamp(path + suffix)));
  }
}

/** Copies into memory that a thread can be given without another copy, where there is such. */
function share(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(allocateMemory(bytes.length));
  shared.set(bytes);
  return shared;
}

/** The files of one database, held in memory; the content can be put in place of by a newer one. */
export class BytesInMemory implements SourceFiles {
  readonly #path: string;
  content: DatabaseBytes;

  constructor(path: string, content: DatabaseBytes) {
    this.#path = path;
    this.content = content;
  }

  realPath(path: string): string | null {
    return this.#bytesOf(path) === undefined ? null : path;
  }

  open(path: string): SourceFile | null {
    if (this.#bytesOf(path) === undefined) return null;
    const bytes = (): Uint8Array => this.#bytesOf(path) ?? new Uint8Array();
    return {
      stamp: () => this.#stampOf(path, bytes()),
      read(position, target) {
        const part = bytes().subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      close: () => undefined,
    };
  }

  stamp(path: string): FileStamp | null {
    const bytes = this.#bytesOf(path);
    return bytes === undefined ? null : this.#stampOf(path, bytes);
  }

  #bytesOf(path: string): Uint8Array | undefined {
    return path.startsWith(this.#path) ? this.content.files.get(path.slice(this.#path.length)) : undefined;
  }

  #stampOf(path: string, bytes: Uint8Array): FileStamp {
    const { modifiedAt, revision } = this.content;
    // In nanoseconds, of which the revision takes those that no file system tells.
    const modified = BigInt(Math.trunc(modifiedAt)) * 1_000_000n + BigInt(revision);
    return { fileId: path, size: bytes.length, modified };
  }
}
