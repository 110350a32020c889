/** One kind of text that differs between occurrences of one failure, and what stands in its place. */
export interface ErrorMask {
  readonly name: string;
  /** Why it must not tell failures apart. */
  readonly why: string;
  /** A text and what this mask alone makes of it. */
  readonly example: readonly [text: string, masked: string];
  /** Global, for lower-case text. What repeats is one class of characters or bounded, so that a pass stays linear. */
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** One global pattern that matches what any of these does; the first that matches at a place takes it. */
export function either(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'g');
}
