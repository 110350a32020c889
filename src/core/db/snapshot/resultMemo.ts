import type { DecodeWarning } from '../columnReader.ts';

/** A result that stands as long as no page it was read from changes. */
export interface KeptResult {
  readonly value: unknown;
  readonly warnings: readonly DecodeWarning[];
  readonly pages: Uint32Array;
  /** Size and time of the file where the result tells them, else `null`. */
  readonly fileState: string | null;
  /** The epoch of the page cache it was read in. */
  readonly epoch: number;
  /** Whether the value may take a megabyte or so. */
  readonly isLarge: boolean;
  /** Names this value among all values of its key. */
  readonly revision: number;
}

/** How much is kept. */
export interface MemoLimits {
  readonly results: number;
  /** A result that was read from much tends to be large itself. */
  readonly pages: number;
  readonly largeResults: number;
}

/** Results kept by what they answer, up to a number of them and of pages; the ones not asked for in longest go first. */
export class ResultMemo {
  readonly #results = new Map<string, KeptResult>();
  readonly #most: MemoLimits;
  #pages = 0;
  #large = 0;

  constructor(most: MemoLimits) {
    this.#most = most;
  }

  get(key: string): KeptResult | undefined {
    const result = this.#results.get(key);
    if (result === undefined) return undefined;
    this.#results.delete(key);
    this.#results.set(key, result);
    return result;
  }

  set(key: string, result: KeptResult): void {
    this.delete(key);
    this.#results.set(key, result);
    this.#pages += result.pages.length;
    this.#large += Number(result.isLarge);
    for (const [oldest, { isLarge }] of this.#results) {
      const tooMany = this.#results.size > this.#most.results || this.#pages > this.#most.pages;
      const tooLarge = this.#large > this.#most.largeResults;
      if (!tooMany && !tooLarge) break;
      // The newest stays, whatever its size.
      if (oldest !== key && (tooMany || isLarge)) this.delete(oldest);
    }
  }

  delete(key: string): void {
    const result = this.#results.get(key);
    if (result === undefined) return;
    this.#pages -= result.pages.length;
    this.#large -= Number(result.isLarge);
    this.#results.delete(key);
  }

  clear(): void {
    this.#results.clear();
    this.#pages = this.#large = 0;
  }
}
