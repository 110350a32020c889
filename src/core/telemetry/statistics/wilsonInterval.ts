import { type Interval, normal95 } from './interval.ts';

/**
 * The 95 % interval of a rate, as fractions: the score interval of Wilson (1927, JASA 22), which Newcombe (1998,
 * Statistics in Medicine 17) recommends for it keeps its coverage near 0 and 1. `trials` may be an effective, fractional
 * number where samples depend on each other. Without a trial nothing is known: 0 to 1.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const z2 = normal95 ** 2;
  const rate = successes / trials;
  const centre = rate + z2 / (2 * trials);
  const reach = normal95 * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials ** 2));
  const scale = 1 + z2 / trials;
  return {
    low: successes === 0 ? 0 : (centre - reach) / scale,
    high: successes === trials ? 1 : (centre + reach) / scale,
  };
}
