import * as z from 'zod';

/** The farthest that a date can lie from the epoch, in ms. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const farthest = 8.64e15;

/** A time in ms since the epoch, as a file that others could have written gives it: one that a date can show. */
export const epochMs = z.number().min(-farthest).max(farthest);

/** The time of a file, which may be set to any, as one that a date can show. */
export function fileTime(ms: number): number {
  return Math.min(Math.max(ms, -farthest), farthest);
}

const stored =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads a stored timestamp as ms since the epoch, or `null` if it is none.
 * Autopack writes `YYYY-MM-DD HH:MM:SS.ffffff` or with a `T`, with or without fraction and zone; without a zone it means UTC.
 */
export function parseTimestamp(text: string): number | null {
  const match = stored.exec(text.trim());
  if (match === null) return null;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  if (Number(day) > 28 && !isCalendarDay(Number(year), Number(month), Number(day))) return null;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const ms = fraction.padEnd(3, '0').slice(0, 3);
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${offset}`);
  return Number.isNaN(time) ? null : time;
}

/** Whether there is such a day: `Date.parse` takes the 30th of February for the 2nd of March. Months count from 1. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Writes a time as Autopack does: `YYYY-MM-DD HH:MM:SS.ffffff`, in UTC. */
export function formatStoredTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

/** A time (ms since the epoch) as Autopack puts it into names: `YYYYMMDD-HHMMSS`, in UTC. */
export function timeId(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
