/** How far the clocks of two writers, and the moments at which they write of one call, may lie apart. In ms. */
const skew = 5000;
const quarterHour = 900_000;
/** Zones reach from 12 hours behind UTC to 14 hours before it; a log tells local time without its zone. */
const widestZones = 26 * 3_600_000;

/**
 * How far apart two times (ms since the epoch) are that may be of one call, told in any two time zones: 0 to 5,000 ms, a
 * little more in different zones, so that the same zone is preferred. `null` where they are not of one call.
 */
export function momentDistance(a: number, b: number): number | null {
  const apart = Math.abs(a - b);
  if (apart <= skew) return apart;
  const rest = apart % quarterHour;
  const distance = Math.min(rest, quarterHour - rest);
  return apart <= widestZones && distance <= skew ? skew + distance : null;
}

/** How many quarters of an hour the zone of the first time is ahead of that of the second, if both are of one call. */
export function zoneOffset(a: number, b: number): number {
  return Math.round((a - b) / quarterHour);
}

/** Whether two times may be of one call; an unknown one may be any. */
export function maySameMoment(a: number | null, b: number | null): boolean {
  return a === null || b === null || momentDistance(a, b) !== null;
}

/** The earliest time from `from` on that may be of one call with `time`, infinite if there is none. In ms. */
export function nextSameMoment(time: number, from: number): number {
  const apart = from - time;
  if (apart < -widestZones) return time - widestZones;
  if (apart > widestZones) return Infinity;
  if (momentDistance(time, from) !== null) return from;
  return time + Math.ceil((apart - skew) / quarterHour) * quarterHour - skew;
}
