import type { PrivateCopy, PrivateCopyPort } from '../../core/db/snapshot/snapshotReader.ts';

/** Private copies made by SQLite in the reader's thread, while the host keeps the locks that this takes. */
export class KeptCopies implements PrivateCopyPort {
  readonly #copies: PrivateCopyPort;
  readonly #tell: (kind: 'keep' | 'let-go') => void;
  /** A copy that nobody wants any more goes on beside the next one. */
  readonly #waiting: (() => void)[] = [];

  constructor(copies: PrivateCopyPort, tell: (kind: 'keep' | 'let-go') => void) {
    this.#copies = copies;
    this.#tell = tell;
  }

  async copy(path: string): Promise<PrivateCopy> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#tell('keep');
    });
    try {
      return await this.#copies.copy(path);
    } finally {
      this.#tell('let-go');
    }
  }

  /** The host's answer to the oldest `keep`. */
  onKept(): void {
    this.#waiting.shift()?.();
  }
}
