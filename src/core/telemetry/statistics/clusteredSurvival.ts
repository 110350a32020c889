import { type Interval, student95 } from './interval.ts';
import { kaplanMeier } from './kaplanMeier.ts';

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
}

/**
 * How much larger the variance of a curve of Kaplan and Meier is than Greenwood's formula has it, since values of one
 * cluster depend on each other: the infinitesimal jackknife over clusters (Ying and Wei 1994, Journal of Multivariate
 * Analysis 50; Williams 1995, Survey Methodology 21), with Student's t for as many clusters. Intervals are on the log(-log)
 * scale. Where every cluster has one value, Greenwood's variance stands.
 */
export function survivalDesign(known: ClusteredColumn, censored: ClusteredColumn): SurvivalDesign {
  let most = 0;
  for (const { clusters } of [known, censored])
    for (const cluster of clusters) most = Math.max(most, cluster);
  const isMet = new Uint8Array(most + 1);
  let count = 0;
  for (const { clusters } of [known, censored]) {
    for (const cluster of clusters) {
      if (isMet[cluster] === 1) continue;
      isMet[cluster] = 1;
      count += 1;
    }
  }
  const repeats = known.values.length + censored.values.length > count;
  const effects = repeats && count > 1 ? designEffects(known, censored, most + 1, count) : [];
  const reach = repeats ? student95(count - 1) : student95(Infinity);
  return {
    clusters: count,
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

function designEffects(
  known: ClusteredColumn,
  censored: ClusteredColumn,
  numbers: number,
  count: number,
): readonly PlaceEffect[] {
  const total = known.values.length;
  const [own, hazard] = [new Float64Array(total), new Float64Array(total)];
  const greenwoods = new Float64Array(total);
  let [at, sum] = [0, 0];
  kaplanMeier(known.values, censored.values, ({ atRisk, events, greenwood }) => {
    sum += events / atRisk ** 2;
    for (let tied = 0; tied < events; tied += 1, at += 1) {
      own[at] = 1 / atRisk;
      hazard[at] = sum;
      greenwoods[at] = greenwood;
    }
  });
  const sums = new Float64Array(numbers);
  return places.flatMap((place) => {
    const until = Math.max(0, Math.ceil(place * total) - 1);
    const [value = NaN, here = NaN, variance = NaN] = [known.values[until], hazard[until], greenwoods[until]];
    if (!(variance > 0 && variance < Infinity)) return [];
    sums.fill(0);
    const add = (cluster: number | undefined, part: number): void => {
      sums[cluster ?? 0] = (sums[cluster ?? 0] ?? 0) + part;
    };
    for (let index = 0; index < total; index += 1) {
      const passed = (known.values[index] ?? NaN) <= value;
      add(known.clusters[index], passed ? (hazard[index] ?? 0) - (own[index] ?? 0) : here);
    }
    let before = 0;
    for (let index = 0; index < censored.values.length; index += 1) {
      const bound = Math.min(censored.values[index] ?? NaN, value);
      while (before < total && (known.values[before] ?? NaN) <= bound) before += 1;
      add(censored.clusters[index], hazard[before - 1] ?? 0);
    }
    const squares = sums.reduce((all, part) => all + part ** 2, 0);
    const robust = (squares * count) / (count - 1);
    return [{ value, effect: Math.max(1, robust / variance) }];
  });
}
