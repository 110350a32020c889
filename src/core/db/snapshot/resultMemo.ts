import type { DecodeWarning } from '../decodeWarnings.ts';

/** A result that stands as long as no page it was read from changes. */
export interface KeptResult {
  readonly value: unknown;
  readonly warnings: readonly DecodeWarning[];
  readonly pages: Uint32Array;
  /** Size and time of the file where the result tells them, else `null`. */
  readonly fileState: string | null;
  /** The epoch of the page cache it was read in. */
  readonly epoch: number;
  /** Names this value among all values of its key. */
  readonly revision: number;
}

/** Results kept by what they answer, up to a number of results and of pages; the ones not asked for in longest go first. */
export class ResultMemo {
  readonly #results = new Map<string, KeptResult>();
  readonly #mostResults: number;
  /** A result that was read from much tends to be large itself. */
  readonly #mostPages: number;
  #pages = 0;

  constructor(mostResults: number, mostPages: number) {
    this.#mostResults = mostResults;
    this.#mostPages = mostPages;
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
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= this.#mostResults && this.#pages <= this.#mostPages) break;
      // The newest stays, whatever its size.
      if (oldest !== key) this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#pages -= this.#results.get(key)?.pages.length ?? 0;
    this.#results.delete(key);
  }

  clear(): void {
    this.#results.clear();
    this.#pages = 0;
  }
}
