import { atMostText, earlierQueuedText } from '../core/drain/drainPlanText.ts';
import type { DrainJob } from '../core/drain/drainPorts.ts';
import type { DrainPlan } from '../core/drain/planDrain.ts';
import { counted } from '../core/text/quantities.ts';
import type { DescribedExecutor } from '../node/drain/executors.ts';
import type { WriteDetails } from './proposedWrite.ts';

/** What a drain comes to, for whoever must agree to it; `null` where there is nothing to drain. */
export function drainDetails(
  {
    databasePath,
    workspaceFolder,
    executor,
    options,
    resume,
    args,
  }: DrainJob & { readonly executor: Pick<DescribedExecutor, 'name'>; readonly args: readonly string[] },
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
    params: {
      executor: executor.name,
      workspaceFolder,
      options,
      resume: resume ?? null,
      phases,
      args: tellingArguments(args),
    },
  };
}

const neutral: ReadonlySet<string> = new Set(['--yes', '--json']);
const neutralWithValue: ReadonlySet<string> = new Set([
  ...['--database', '--approval', '--expect-id', '--expect-role', '--workspace'],
]);

/** The arguments that say with what phases are executed: a drain with another interpreter is another drain. */
function tellingArguments(args: readonly string[]): string[] {
  return args.filter((arg, at) => {
    const [name = ''] = arg.split('=');
    const isValue = neutralWithValue.has(args[at - 1] ?? '');
    return !neutral.has(arg) && !neutralWithValue.has(name) && !isValue;
  });
}
