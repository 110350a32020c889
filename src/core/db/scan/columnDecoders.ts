import { ColumnReader, type DecodeWarnings } from '../columnReader.ts';
import type { SqlValue } from '../databasePorts.ts';
import type { ScanColumn } from './tableLayout.ts';

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

const zero = 48;
const daysBeforeMonth = Uint16Array.of(0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334);
const msPerDay = 86_400_000;
/** A number that is none: no part of a time, nor a sum with it, is within its bounds. */
const noNumber = -1_000_000;

/**
 * Reads the form in which nearly every time is stored, `YYYY-MM-DD HH:MM:SS.ffffff` in UTC with a space or a T, as ms since
 * the epoch; `null` for any other form, which `parseTimestamp` is to read. For columns of millions of different times.
 */
export function storedTime(bytes: Uint8Array, from: number, to: number): number | null {
  const length = to - from;
  if (length < 19 || length > 29) return null;
  const separator = bytes[from + 10];
  if (separator !== 32 && separator !== 84) return null;
  if (bytes[from + 4] !== 45 || bytes[from + 7] !== 45 || bytes[from + 13] !== 58 || bytes[from + 16] !== 58)
    return null;
  const year = 100 * twoDigits(bytes, from) + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  const hour = twoDigits(bytes, from + 11);
  const minute = twoDigits(bytes, from + 14);
  const second = twoDigits(bytes, from + 17);
  // The odd days at the ends of months and times are left to the thorough reader.
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 28) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  const ms = length === 19 ? 0 : fraction(bytes, from + 19, to);
  if (ms < 0) return null;
  const days = daysBeforeYear(month > 2 ? year + 1 : year) - (month > 2 ? 365 : 0);
  const time = hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
  return (days + (daysBeforeMonth[month - 1] ?? 0) + day - 1) * msPerDay + time;
}

/** Days from 1970 to the first of January of a year, in the Gregorian calendar. */
function daysBeforeYear(year: number): number {
  const past = year - 1;
  const leaps = (past >> 2) - Math.trunc(past / 100) + Math.trunc(past / 400);
  return (year - 1970) * 365 + leaps - leapsBefore1970;
}

const leapsBefore1970 = 477;

/** Milliseconds of `.ffffff`, cut off; negative where it is something else. */
function fraction(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== 46 || to - from < 2) return noNumber;
  let [ms, unit] = [0, 100];
  for (let at = from + 1; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return noNumber;
    ms += digit * unit;
    unit = unit === 100 ? 10 : unit === 10 ? 1 : 0;
  }
  return ms;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero;
  const ones = (bytes[at + 1] ?? 0) - zero;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? noNumber : 10 * tens + ones;
}
