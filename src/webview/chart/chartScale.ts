/** Both ends of an axis, in tokens. */
export type AxisRange = readonly [min: number, max: number];

/** How far, as factors, the axes reach beyond the outermost samples, and how much they show at least. */
const margin = 1.3;
const leastSpan = 4;

/** Steps of a logarithmic axis within one power of ten, from coarse to fine. */
const steps: readonly (readonly number[])[] = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.5, 2, 3, 5, 7],
  [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
];

/** What an axis can show, so that its ticks can be counted: other values have no place on it. */
const smallest = 1e-12;
const largest = 1e15;

/** One range for both axes, so that the diagonal is where prediction and use agree. Values that no axis can show are left out. */
export function axisRange(values: Iterable<number>): AxisRange {
  let [min, max] = [Infinity, 0];
  for (const value of values) {
    if (!(value >= smallest && value <= largest)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (max === 0) return [100, 10_000];
  const factor = Math.max(margin, Math.sqrt(leastSpan / (max / min)));
  return [min / factor, max * factor];
}

/** Round values within a logarithmic range: as many as there can be without exceeding `most`. */
export function logTicks(range: AxisRange, most: number): number[] {
  const [min, max] = [Math.max(range[0], smallest / 10), Math.min(range[1], largest * 10)];
  const choices = steps.map((mantissas) => ticksOf(mantissas, min, max));
  const fitting = choices.filter((ticks) => ticks.length <= most);
  return fitting.at(-1) ?? thin(choices[0] ?? [], most);
}

/** A tick in few characters: `500`, `1.5k`, `20k`, `3M`. */
export function tickLabel(value: number): string {
  if (value >= 1e6) return `${trim(value / 1e6)}M`;
  return value >= 1000 ? `${trim(value / 1000)}k` : trim(value);
}

function ticksOf(mantissas: readonly number[], min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); 10 ** power <= max; power += 1) {
    for (const mantissa of mantissas) {
      const tick = mantissa * 10 ** power;
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks;
}

function thin(ticks: readonly number[], most: number): number[] {
  const stride = Math.ceil(ticks.length / Math.max(1, most));
  return ticks.filter((_, index) => index % stride === 0);
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Where labels may stand, from top to bottom, and how high one is; in pixels, growing downwards. */
export interface LabelColumn {
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
}

/**
 * The lower edges of labels that want to stand at `wanted`, in that order: as near to it as they can without one lying on
 * another, in the order of what they name. Without room for all, the uppermost go beyond the top.
 */
export function placeLabels(wanted: readonly number[], { top, bottom, height }: LabelColumn): number[] {
  const placed = new Array<number>(wanted.length);
  const fromBelow = wanted.map((y, at) => ({ y, at })).sort((a, b) => b.y - a.y);
  let floor = bottom;
  for (const [rank, { y, at }] of fromBelow.entries()) {
    const above = fromBelow.length - 1 - rank;
    // The ones above need their room, too.
    const lowest = Math.max(y, top + above * height);
    placed[at] = Math.min(lowest, floor);
    floor = placed[at] - height;
  }
  return placed;
}
