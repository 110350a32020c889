import { maskPrepared, withoutIds } from '../drain/maskError.ts';

/** Enough for what really differs; a database in which every reason does is masked as it comes. */
const mostEntries = 10_000;

/**
 * `maskError` that remembers: the failures of a database are mostly the same few texts with other digits,
 * and digits change nothing of what masks make of a text.
 */
export class MaskMemo {
  readonly #masked = new Map<string, string>();

  mask(text: string, ids: readonly string[]): string {
    const key = withoutIds(text, ids).replace(/\d/g, '0');
    const known = this.#masked.get(key);
    if (known !== undefined) return known;
    const masked = maskPrepared(key);
    if (this.#masked.size < mostEntries) this.#masked.set(key, masked);
    return masked;
  }
}
