import { student95, type Interval } from './interval.ts';

/** A step of a survival curve. */
export interface SurvivalStep {
  readonly value: number;
  /** How many were not below `value`, and how many of them were exactly there and known. */
  readonly atRisk: number;
  readonly events: number;
  /** Estimated P(larger than `value`), 0 to 1. */
  readonly survival: number;
  /** Greenwood's sum: the variance of log(survival). */
  readonly greenwood: number;
}

/**
 * The product-limit estimate of Kaplan and Meier (1958, JASA 53), one step for each known value, ascending. `censored`
 * holds the values that are only known to be at least so large; both arrays are sorted ascending. At ties known values
 * come before censored ones. Censoring must tell nothing about the value beyond its bound. The curve itself is the step
 * that it stands at, for there may be millions; it begins before the first.
 */
export class SurvivalCurve implements SurvivalStep {
  value = NaN;
  atRisk = 0;
  events = 0;
  survival = 1;
  greenwood = 0;
  readonly #known: Float64Array;
  readonly #censored: Float64Array;
  /** How many values of each are behind. */
  #at = 0;
  #below = 0;

  constructor(known: Float64Array, censored: Float64Array) {
    this.#known = known;
    this.#censored = censored;
  }

  /** Goes to the next step; says `false` where there is none. */
  advance(): boolean {
    const known = this.#known;
    const censored = this.#censored;
    const from = this.#at;
    if (from >= known.length) return false;
    const value = known[from] ?? NaN;
    let below = this.#below;
    while (below < censored.length && (censored[below] ?? NaN) < value) below += 1;
    this.#below = below;
    let at = from + 1;
    while (at < known.length && known[at] === value) at += 1;
    this.#at = at;
    const atRisk = known.length - from + censored.length - below;
    const events = at - from;
    this.value = value;
    this.atRisk = atRisk;
    this.events = events;
    this.survival *= (atRisk - events) / atRisk;
    this.greenwood += events / (atRisk * (atRisk - events));
    return true;
  }
}

/** Values and the cluster (a phase) that each is of, both by rising value. */
export interface ClusteredColumn {
  readonly values: Float64Array;
  readonly clusters: Uint32Array;
}

/** Where along the curve the clusters are looked at; in between, by the nearest place before. */
const places = [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1] as const;

/** How uncertain a survival curve is whose values come in clusters. */
export interface SurvivalDesign {
  /** Clusters with a value. */
  readonly clusters: number;
  /** The 95 % interval of a survival with Greenwood's sum at a value. */
  readonly interval: (value: number, survival: number, greenwood: number) => Interval;
  /** Says `false` only where the lower end of that interval is above `share` whatever the value: much cheaper to say. */
  readonly mayReach: (share: number) => (survival: number, greenwood: number) => boolean;
}

/**
 * How much larger the variance of a curve of Kaplan and Meier is than Greenwood's formula has it, since values of one
 * cluster depend on each other: the infinitesimal jackknife over clusters (Ying and Wei 1994, Journal of Multivariate
 * Analysis 50; Williams 1995, Survey Methodology 21), with Student's t for as many clusters. Intervals are on the log(-log)
 * scale. Where every cluster has one value, Greenwood's variance stands.
 */
export function survivalDesign(known: ClusteredColumn, censored: ClusteredColumn): SurvivalDesign {
  const sizes = clusterSizes(known, censored);
  const count = sizes.reduce((met, size) => met + (size > 0 ? 1 : 0), 0);
  const repeats = known.values.length + censored.values.length > count;
  const effects = repeats && count > 1 ? designEffects(known, censored, sizes, count) : [];
  const reach = repeats ? student95(count - 1) : student95(Infinity);
  const mostEffect = effects.reduce((most, { effect }) => Math.max(most, effect), 1);
  return {
    clusters: count,
    mayReach: (share) => {
      const depth = -Math.log(share);
      return (survival, greenwood) => {
        // With L = -log(survival), the lower end is exp(-L e^x), x = reach sd / L; e^x is below 1 + 1.72 x up to 1, and L
        // at most 1 / survival - 1. A curve at 1 has no interval.
        if (survival >= 1) return share >= 1;
        const most = 1 / survival - 1;
        const out = reach * Math.sqrt(greenwood * mostEffect);
        return !(out < 1 - survival && most + 1.72 * out < depth);
      };
    },
    interval: (value, survival, greenwood) => {
      let effect = 1;
      for (const place of effects) {
        if (place.value > value && effect > 1) break;
        effect = place.effect;
      }
      return logLogInterval(survival, greenwood * effect, reach);
    },
  };
}

/** The interval of a survival on the log(-log) scale, as Kalbfleisch and Prentice advise; it stays within 0 to 1. */
export function logLogInterval(survival: number, variance: number, reach: number): Interval {
  if (survival <= 0) return { low: 0, high: 0 };
  if (survival >= 1) return { low: 1, high: 1 };
  const out = (reach * Math.sqrt(variance)) / Math.log(survival);
  return { low: survival ** Math.exp(-out), high: survival ** Math.exp(out) };
}

interface PlaceEffect {
  readonly value: number;
  readonly effect: number;
}

/** How many values each cluster has, by its number. */
function clusterSizes({ clusters: known }: ClusteredColumn, { clusters: censored }: ClusteredColumn) {
  let most = 0;
  for (const cluster of known) most = Math.max(most, cluster);
  for (const cluster of censored) most = Math.max(most, cluster);
  const sizes = new Uint32Array(most + 1);
  for (const cluster of known) add(sizes, cluster);
  for (const cluster of censored) add(sizes, cluster);
  return sizes;
}

function add(sizes: Uint32Array, cluster: number): void {
  sizes[cluster] = (sizes[cluster] ?? 0) + 1;
}

function designEffects(
  known: ClusteredColumn,
  censored: ClusteredColumn,
  sizes: Uint32Array,
  count: number,
): readonly PlaceEffect[] {
  const total = known.values.length;
  /** What each cluster's values up to the present one add to its part, and how many it has beyond. */
  const [parts, beyond] = [new Float64Array(sizes.length), sizes.slice()];
  const pass = (cluster: number, part: number): void => {
    parts[cluster] = (parts[cluster] ?? 0) + part;
    beyond[cluster] = (beyond[cluster] ?? 0) - 1;
  };
  const lasts = places.map((place) => Math.max(0, Math.ceil(place * total) - 1));
  const effects: PlaceEffect[] = [];
  const curve = new SurvivalCurve(known.values, censored.values);
  let [at, cut, hazard, place] = [0, 0, 0, 0];
  while (curve.advance()) {
    const { value, atRisk, events, greenwood } = curve;
    for (; cut < censored.values.length && (censored.values[cut] ?? NaN) < value; cut += 1)
      pass(censored.clusters[cut] ?? 0, hazard);
    hazard += events / (atRisk * atRisk);
    for (const end = at + events; at < end; at += 1) pass(known.clusters[at] ?? 0, hazard - 1 / atRisk);
    for (; place < lasts.length && (lasts[place] ?? Infinity) < at; place += 1) {
      if (!(greenwood > 0 && greenwood < Infinity)) continue;
      let squares = 0;
      for (let cluster = 0; cluster < parts.length; cluster += 1)
        squares += ((parts[cluster] ?? 0) + hazard * (beyond[cluster] ?? 0)) ** 2;
      const robust = (squares * count) / (count - 1);
      effects.push({ value, effect: Math.max(1, robust / greenwood) });
    }
  }
  return effects;
}

/** A share such as 1 - 0.9 is a rounded number: the curve may stand on it and yet compare as beside it. */
const rounding = 1e-12;

/**
 * Quantiles of a survival curve: the first value that at most `1 - probability` exceed; where the curve runs level at just
 * that share, the middle of the level stretch (as R's survfit; Klein and Moeschberger, Survival Analysis, 4.5). Without
 * censored values that is type 2 of Hyndman and Fan, and for the median the usual one.
 */
export class SurvivalQuantiles {
  readonly #probabilities: readonly number[];
  readonly #found: (number | null)[];
  /** How many are found for good: all before the first that is not, or that is where the curve runs level. */
  #settled = 0;

  /** `probabilities` ascend. */
  constructor(probabilities: readonly number[]) {
    this.#probabilities = probabilities;
    this.#found = probabilities.map(() => null);
  }

  /** Takes in the next step of the curve. */
  see({ value, survival }: SurvivalStep): void {
    while (this.#settled < this.#found.length) {
      const index = this.#settled;
      const begin = this.#found[index] ?? null;
      if (begin === null) {
        const above = survival - (1 - (this.#probabilities[index] ?? 1));
        if (above > rounding) return;
        this.#found[index] = value;
        // The next step ends the level stretch.
        if (above >= -rounding) return;
      } else {
        this.#found[index] = (begin + value) / 2;
      }
      this.#settled += 1;
    }
  }

  /** In the order of the probabilities; `null` where the curve did not get there. */
  get values(): readonly (number | null)[] {
    return this.#found;
  }
}

/** The same of values (ascending) of which none is censored; NaN without one. */
export function plainQuantile(sorted: Float64Array, probability: number): number {
  const place = sorted.length * probability;
  const whole = Math.round(place);
  if (Math.abs(place - whole) > rounding * sorted.length) return sorted[Math.ceil(place) - 1] ?? NaN;
  const [value = NaN, next = value] = [sorted[whole - 1] ?? sorted[0], sorted[whole]];
  return (value + next) / 2;
}
