import type { SqlValue } from '../readDatabase.ts';

/** A column to scan, and how its values become numbers. */
export interface ScanColumn {
  readonly name: string;
  /** Whether the column holds the same texts again and again: then each is decoded once, as a rule. */
  readonly repeats: boolean;
  readonly decode: (value: SqlValue) => number;
  /** Whole numbers that are themselves what `decode` makes of them: none, 0 and 1, or all. Spares a call for each value. */
  readonly plain?: 'flags' | 'integers';
  /** Reads text from its UTF-8 bytes where it can, without making a string of it; `null` hands it to `decode`. */
  readonly decodeBytes?: (bytes: Uint8Array, from: number, to: number) => number | null;
}

/** How many different texts of a column are remembered before it is taken to be one where every row has its own. */
export const rememberedTexts = 1 << 18;
