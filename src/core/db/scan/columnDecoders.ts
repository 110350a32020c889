import { ColumnReader } from '../columns.ts';
import type { DecodeWarnings } from '../decodeWarnings.ts';
import type { SqlValue } from '../readDatabase.ts';
import type { ScanColumn } from './scanColumn.ts';
import { storedTime } from './storedTime.ts';

/** Makes the columns of a scan: values that are what their column should hold are taken as they are, others by the rules of `ColumnReader`. */
export class ColumnDecoders {
  readonly #table: string;
  readonly #warnings: DecodeWarnings;

  constructor(table: string, warnings: DecodeWarnings) {
    this.#table = table;
    this.#warnings = warnings;
  }

  /** Numbers texts by `index`. */
  text(name: string, index: (text: string | null) => number): ScanColumn {
    return {
      name,
      repeats: true,
      decode: (value) => index(typeof value === 'string' ? value : this.#read(name, value).text(name)),
    };
  }

  /** Whole numbers, NaN where there is none. */
  integer(name: string): ScanColumn {
    return {
      name,
      repeats: false,
      plain: 'integers',
      decode: (value) =>
        typeof value === 'number' && Number.isFinite(value)
          ? Math.trunc(value)
          : (this.#read(name, value).integer(name) ?? NaN),
    };
  }

  /** 0 or 1; what is missing or no flag is 0. */
  flag(name: string): ScanColumn {
    return {
      name,
      repeats: false,
      plain: 'flags',
      decode: (value) =>
        Number(typeof value === 'number' ? value !== 0 : this.#read(name, value).boolean(name)),
    };
  }

  /** Milliseconds since the epoch, NaN where there is no time. */
  time(name: string): ScanColumn {
    return {
      name,
      repeats: false,
      decode: (value) => this.#read(name, value).time(name) ?? NaN,
      decodeBytes: storedTime,
    };
  }

  #read(name: string, value: SqlValue): ColumnReader {
    return new ColumnReader(this.#table, { [name]: value }, this.#warnings);
  }
}
