import type { FileStamp, SourceFile, SourceFiles } from '../../core/db/snapshot/sourceFiles.ts';
import type { DatabaseBytes } from '../../protocol/readerProtocol.ts';

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
    return { fileId: path, size: bytes.length, modified: BigInt(this.content.revision) };
  }
}
