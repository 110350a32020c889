import { formatDecimal } from './quantities.ts';
/** `2025-12-24` in the user's time zone, from ms since the epoch. */
export function formatDate(ms: number): string {
  const date = new Date(ms);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
}

/** `2025-12-24 14:05:09` in the user's time zone, from ms since the epoch. */
export function formatDateTime(ms: number): string {
  const date = new Date(ms);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return `${formatDate(ms)} ${time}`;
}

/** `2025-12-24 14:05` in the user's time zone, from ms since the epoch. */
export function formatMinute(ms: number): string {
  return formatDateTime(ms).slice(0, -3);
}

/** `0.8 s`, `42 s`, `15 min`, `3 min 5 s`, `2 h 10 min`, from ms. */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${formatDecimal(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return inTwo(minutes, 'min', seconds % 60, 's');
  return inTwo(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function inTwo(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}
