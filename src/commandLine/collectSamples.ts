import type { DrainRequest } from '../core/drain/drainOptions.ts';
import { tokensUsed } from '../core/drain/drainResult.ts';
import type { DrainSummary } from '../core/drain/drainSummary.ts';
import { addSpend, noSpend, totalCost } from '../core/model/modelCall.ts';
import { limitPlan } from '../core/seed/limitPlan.ts';
import { planTargetedRun } from '../core/seed/planTargetedRun.ts';
import { seedDatabase } from '../core/seed/seedDatabase.ts';
import { counted } from '../core/text/quantities.ts';
import type { CommandContext } from './commandContext.ts';
import { drainDatabase, type DrainHow } from './drainCommand.ts';
import { authorise } from './guardOptions.ts';

/** Rounds of seeding and draining beyond the first: each must bring new clean samples, so that this is not met as a rule. */
const mostRounds = 6;

/** Why no more samples are collected, and the drains it took. */
export interface Collection {
  readonly drains: readonly DrainSummary[];
  readonly reason: string;
}

/**
 * Seeds more phases of the kinds that the coverage lacks and drains them, until there are as many clean samples as a
 * calibration needs, a drain ends without having done all it was asked to, a round brings nothing, or the limits of the
 * first request are used up: they hold for all drains together.
 */
export async function collectSamples(
  path: string,
  request: DrainRequest,
  first: DrainSummary,
  how: DrainHow,
  say: (text: string) => void,
  context: CommandContext,
): Promise<Collection> {
  const { reader, writer, clock, signal } = context;
  const drains = [first];
  const end = (reason: string): Collection => ({ drains, reason });
  let before = -1;
  for (let round = 0; ; round += 1) {
    const { coverage, existing } = (await reader.request(path, 'coverage', null, signal)).value;
    const { have, need } = coverage.phases;
    say(`    ${counted(have, 'phase')} with a clean sample of ${need}`);
    if (have >= need) return end('There are enough clean samples.');
    if (drains.at(-1)?.stop.complete !== true) return end(drains.at(-1)?.stop.message ?? '');
    if (have <= before || round >= mostRounds) return end('The last phases gave no clean sample.');
    const left = remaining(request, drains);
    if (left === null) return end('The limits of the drain are used up.');
    const plan = planTargetedRun(coverage, existing, clock.now());
    if (plan === null) return end('There is no kind of phase left to seed.');
    before = have;
    const expected = await authorise(path, 'seed', how, context);
    const missing = limitPlan(plan, need - have);
    const seeded = await seedDatabase(writer, path, { now: clock.now(), plan: missing, expected }, signal);
    say(`    Seeded ${counted(seeded.phases, 'more phase')}: ${seeded.runId}`);
    const scope = {
      ...request,
      ...left,
      runId: seeded.runId,
      phaseKeys: undefined,
      batchSize: seeded.phases,
    };
    drains.push(await drainDatabase(path, scope, how, context));
  }
}

/** What is left of the limits on tokens, money and time; `null` where one of them is used up. */
function remaining(
  { maxTokens, maxCost, maxTotalMinutes }: DrainRequest,
  drains: readonly DrainSummary[],
): Pick<DrainRequest, 'maxTokens' | 'maxCost' | 'maxTotalMinutes'> | null {
  const results = drains.flatMap((drain) => drain.results);
  const spend = results.reduce((sum, each) => addSpend(sum, each.spend ?? noSpend), noSpend);
  const used = {
    tokens: results.reduce((sum, result) => sum + tokensUsed(result), 0),
    cost: totalCost(spend.cost),
    minutes: drains.reduce((sum, { activeMs }) => sum + activeMs, 0) / 60_000,
  };
  const left = {
    maxTokens: maxTokens == null ? maxTokens : maxTokens - used.tokens,
    maxCost: maxCost == null ? maxCost : maxCost - used.cost,
    maxTotalMinutes: maxTotalMinutes == null ? maxTotalMinutes : maxTotalMinutes - used.minutes,
  };
  return Object.values(left).some((each) => each != null && each <= 0) ? null : left;
}
