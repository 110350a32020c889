import { seededRandom } from './seededRandom.ts';

/**
 * The places that `count` things get when they are shuffled, the same each time (Fisher and Yates; Durstenfeld 1964,
 * Communications of the ACM 7). To choose some of them evenly where every n-th would follow a pattern in their order: a
 * seeded run repeats its kinds of phases.
 */
export function shuffledRanks(count: number): Uint32Array {
  const random = seededRandom(count);
  const ranks = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const other = Math.floor(random() * (at + 1));
    ranks[at] = ranks[other] ?? 0;
    ranks[other] = at;
  }
  return ranks;
}
