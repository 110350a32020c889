import { atMostText, earlierQueuedText } from '../core/drain/drainPlanText.ts';
import type { DrainJob } from '../core/drain/drainPorts.ts';
import type { DrainPlan } from '../core/drain/planDrain.ts';
import { counted } from '../core/text/quantities.ts';
import type { DescribedExecutor } from '../node/drain/executors.ts';
import type { WriteDetails } from './consent.ts';

/** What a drain comes to, for whoever must agree to it; `null` where there is nothing to drain. */
export function drainDetails(
  {
    databasePath,
    executor,
    options,
    resume,
  }: DrainJob & { readonly executor: Pick<DescribedExecutor, 'name'> },
  plan: DrainPlan,
): WriteDetails | null {
  const { steps } = plan;
  if (steps.length === 0) return null;
  const what = resume === undefined ? 'Drain' : `Resume the session ${resume}, to drain`;
  const phases = steps.map(({ candidate: { runId, phaseId } }) => ({ runId, phaseId }));
  const earlier = earlierQueuedText(plan);
  const question = `${what} ${counted(steps.length, 'phase')} of ${databasePath} with the ${executor.name} executor (at most ${atMostText(plan)})?`;
  return {
    question: earlier === null ? question : `${question} ${earlier}`,
    rows: steps.length,
    params: { executor: executor.name, options, resume: resume ?? null, phases },
  };
}
