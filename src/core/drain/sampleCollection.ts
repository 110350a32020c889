import { noSpend, totalCost } from '../model/modelCall.ts';
import { planMissingSamples, type CollectedSoFar } from '../seed/planMissingSamples.ts';
import type { SeedPlan } from '../seed/seedPlan.ts';
import type { Coverage } from '../telemetry/analysis/coverage.ts';
import { t } from '../text/l10n.ts';
import type { DrainRequest } from './drainOptions.ts';
import { tokensUsed } from './drainResult.ts';
import type { DrainSummary } from './drainSummary.ts';
import { spendOfResults } from './spendTexts.ts';

/** Rounds of seeding and draining beyond the first: each must bring new clean samples, so that this is not met as a rule. */
const mostRounds = 6;

/** What comes next: more phases to seed and drain, or the end with its reason as a sentence. */
export type CollectionStep =
  | { readonly kind: 'seed'; readonly plan: SeedPlan }
  | { readonly kind: 'end'; readonly isEnough: boolean; readonly reason: string };

/**
 * Decides how samples are collected: phases of the kinds that the coverage lacks are seeded and drained, until there are
 * as many clean samples as a calibration needs, a drain ends without having done all it was asked to, a round brings
 * nothing, or the limits of the first request are used up. They hold for all drains together.
 */
export class SampleCollection {
  readonly #request: DrainRequest;
  readonly #drains: DrainSummary[];
  #rounds = 0;
  #before = -1;

  /** `first` is the drain that the request was made for. */
  constructor(request: DrainRequest, first: DrainSummary) {
    this.#request = request;
    this.#drains = [first];
  }

  /** All drains so far, the first one first. */
  get drains(): readonly DrainSummary[] {
    return this.#drains;
  }

  /** To be asked once after each drain. */
  next(collected: CollectedSoFar): CollectionStep {
    const { have, need } = collected.coverage.phases;
    if (have >= need) return { kind: 'end', isEnough: true, reason: t`There are enough clean samples.` };
    const stop = this.#drains.at(-1)?.stop;
    if (stop?.complete !== true) return end(stop?.message ?? '');
    if (have <= this.#before || this.#rounds >= mostRounds) {
      return end(t`The last phases gave no clean sample.`);
    }
    if (this.#left() === null) return end(t`The limits of the drain are used up.`);
    const plan = planMissingSamples(collected);
    if (plan === null) return end(t`There is no kind of phase left to seed.`);
    this.#before = have;
    this.#rounds += 1;
    return { kind: 'seed', plan };
  }

  /** The request of the next drain: the run that was seeded, within what is left of the limits. */
  requestFor({ runId, phases }: { readonly runId: string; readonly phases: number }): DrainRequest {
    return {
      ...this.#request,
      ...this.#left(),
      runId,
      phaseKeys: undefined,
      states: undefined,
      batchSize: phases,
    };
  }

  add(drain: DrainSummary): void {
    this.#drains.push(drain);
  }

  /** What is left of the limits on tokens, money and time; `null` where one of them is used up. */
  #left(): Pick<DrainRequest, 'maxTokens' | 'maxCost' | 'maxTotalMinutes'> | null {
    const { maxTokens, maxCost, maxTotalMinutes } = this.#request;
    const results = this.#drains.flatMap((drain) => drain.results);
    const used = {
      tokens: results.reduce((sum, result) => sum + tokensUsed(result), 0),
      cost: totalCost((spendOfResults(results) ?? noSpend).cost),
      minutes: this.#drains.reduce((sum, { activeMs }) => sum + activeMs, 0) / 60_000,
    };
    const left = {
      maxTokens: maxTokens == null ? maxTokens : maxTokens - used.tokens,
      maxCost: maxCost == null ? maxCost : maxCost - used.cost,
      maxTotalMinutes: maxTotalMinutes == null ? maxTotalMinutes : maxTotalMinutes - used.minutes,
    };
    return Object.values(left).some((each) => each != null && each <= 0) ? null : left;
  }
}

function end(reason: string): CollectionStep {
  return { kind: 'end', isEnough: false, reason };
}

/** How many phases collecting may drain beyond the first `first`: if each gives a clean sample, and at most. */
export function furtherPhases(
  { have, need }: Coverage['phases'],
  first: number,
): { readonly expected: number; readonly most: number } {
  let most = 0;
  // Each round seeds what is missing, and must have brought one at least to be followed by another.
  for (let round = 0; round < mostRounds; round += 1) most += Math.max(0, need - have - round);
  return { expected: Math.max(0, need - have - first), most };
}
