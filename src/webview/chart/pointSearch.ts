import type { SampleDensity } from '../../core/telemetry/page/scatterPoints.ts';

/** Where points are drawn, in CSS pixels of the plotting area. */
export interface PlacedPoints {
  readonly left: Float64Array;
  readonly top: Float64Array;
}

/** The index of the point nearest to a place and at most `reach` pixels from it, or `null`. The last drawn wins a tie. */
export function nearestPoint(
  { left, top }: PlacedPoints,
  x: number,
  y: number,
  reach: number,
): number | null {
  let nearest: number | null = null;
  let least = reach ** 2;
  for (let at = 0; at < left.length; at += 1) {
    const distance = ((left[at] ?? NaN) - x) ** 2 + ((top[at] ?? NaN) - y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = at;
    }
  }
  return nearest;
}

/** The keys that move between points. */
export const movingKeys = [
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'PageUp',
  'PageDown',
  'Home',
  'End',
] as const;

/** One of {@link movingKeys}. */
export type MovingKey = (typeof movingKeys)[number];

/** Walks points in order of their prediction (left, right) or of their use (down, up). */
export class PointWalk {
  readonly #byPredicted: readonly number[];
  readonly #byActual: readonly number[];

  constructor(points: readonly { readonly predicted: number; readonly actual: number }[]) {
    const order = (rank: (at: number) => readonly [number, number]): number[] =>
      points
        .map((_, at) => at)
        .sort((a, b) => {
          const [left, right] = [rank(a), rank(b)];
          return left[0] - right[0] || left[1] - right[1] || a - b;
        });
    const values = (at: number): readonly [number, number] => [
      points[at]?.predicted ?? 0,
      points[at]?.actual ?? 0,
    ];
    this.#byPredicted = order(values);
    this.#byActual = order((at) => [values(at)[1], values(at)[0]]);
  }

  /** The point a key leads to from `current`, or from nowhere: then to the first in that order. */
  next(current: number | null, key: MovingKey): number | null {
    const order = key === 'ArrowUp' || key === 'ArrowDown' ? this.#byActual : this.#byPredicted;
    const from = current === null ? -1 : order.indexOf(current);
    const to = key === 'Home' || from === -1 ? 0 : key === 'End' ? order.length - 1 : from + stride(key);
    return order[Math.min(order.length - 1, Math.max(0, to))] ?? null;
  }
}

function stride(key: MovingKey): number {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return -1;
    case 'PageUp':
      return -10;
    case 'PageDown':
      return 10;
    case 'Home':
    case 'End':
      return 0;
  }
}

/** How many stops Page Up and Page Down skip. */
const strideOf = 10;

const steps: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -1],
  ['ArrowRight', 1],
  ['PageUp', -strideOf],
  ['PageDown', strideOf],
]);

/** Where a key leads along a line of `count` stops, or `null` if it is none that moves. From nowhere, to the first. */
export function nextStop(key: string, current: number | null, count: number): number | null {
  if (count === 0) return null;
  const by = steps.get(key);
  if (by !== undefined) return current === null ? 0 : Math.min(count - 1, Math.max(0, current + by));
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** A place that holds samples, by the tokens in its middle. */
export interface DensityCell {
  readonly samples: number;
  readonly predicted: number;
  readonly actual: number;
}

/** The cell around a place in tokens, or `null` where none holds a sample. */
export function cellAt(density: SampleDensity, predicted: number, actual: number): DensityCell | null {
  const { min, step, columns, rows, counts } = density;
  const indexOf = (tokens: number): number => Math.floor(Math.log(tokens / min) / Math.log(step));
  const middle = (index: number): number => Math.round(min * step ** (index + 0.5));
  const [column, row] = [indexOf(predicted), indexOf(actual)];
  const at = columns.findIndex((each, index) => each === column && rows[index] === row);
  return at === -1 ? null : { samples: counts[at] ?? 0, predicted: middle(column), actual: middle(row) };
}
