import type { DrainRequest } from '../core/drain/drainOptions.ts';
import { atMostText, costText, planRemarks } from '../core/drain/drainPlanText.ts';
import { variablesIn } from '../core/drain/knownVariables.ts';
import { counted } from '../core/text/quantities.ts';
import { planDrainOf, type PlannedDrain } from '../node/drain/planDrainOf.ts';
import { exitCodes, type CommandContext, type CommandResult } from './commandContext.ts';
import { workspaceFolderOf } from './databaseOption.ts';
import {
  offerText,
  planExecutor,
  runsFirstQueued,
  variables,
  type ExecutorOptions,
} from './executorOptions.ts';
import { textLines } from './textLayout.ts';

/** What `drain --dry-run` prints, also where the drain itself would be refused; nothing is changed. */
export async function planResult(
  databasePath: string,
  databaseUrl: string,
  request: DrainRequest,
  resume: string | undefined,
  options: ExecutorOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { reader, signal } = context;
  const workspaceFolder = workspaceFolderOf(options, context);
  const { executor: chosen, problem } = await planExecutor(databasePath, options, context);
  const executor = {
    ...(chosen?.quote === undefined ? {} : { quote: chosen.quote }),
    runsFirstQueued: await runsFirstQueued(options, context),
    environment: { ...variablesIn(context.env), ...variables(options) },
  };
  const job = { databasePath, workspaceFolder, options: request, resume };
  const drained = await planDrainOf({ ...job, reader, executor }, signal);
  const refusals =
    problem === null ? [] : [`The drain would be refused: ${problem.message} ${problem.nextStep}`];
  const planned = { ...drained, warnings: [...refusals, ...drained.warnings] };
  return {
    exitCode: problem === null ? exitCodes.good : exitCodes.refused,
    json: planJson(databaseUrl, planned),
    text: planText(planned),
  };
}

function planText({ plan, warnings, offers, cost }: PlannedDrain): string {
  const { steps, candidates, notTaken } = plan;
  return textLines([
    `Plan: ${counted(steps.length, 'phase')} of ${counted(candidates, 'candidate')}; at most ${atMostText(plan)}.`,
    ...(cost === null ? [] : [costText(cost)]),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...planRemarks(plan),
    ...offers.map((offer) => `note: ${offerText(offer)}`),
    ...steps.map(
      ({ candidate: { runId, phaseId, state }, reason }, index) =>
        `[${index + 1}/${steps.length}] ${runId} ${phaseId} (${state}): ${reason}`,
    ),
    ...notTaken.map(({ phases, reason }) => `Not included: ${counted(phases.length, 'phase')}: ${reason}`),
  ]);
}

/** The object `drain --dry-run --json` prints; its keys are a promise to scripts. */
function planJson(databaseUrl: string, { plan, warnings, offers, cost }: PlannedDrain): unknown {
  const { candidates, steps, notTaken, atMost, stop } = plan;
  return {
    databaseUrl,
    candidates,
    atMost,
    stop,
    steps: steps.map(({ candidate, attempt, kind, reason, insteadOf }) => ({
      runId: candidate.runId,
      phaseId: candidate.phaseId,
      state: candidate.state,
      tokenCap: candidate.tokenCap,
      attempt,
      kind,
      reason,
      insteadOf,
    })),
    notTaken,
    warnings,
    offers,
    ...(cost === null ? {} : { cost }),
  };
}
