import { variablesIn } from '../core/drain/knownVariables.ts';
import type { DrainRequest } from '../core/drain/drainOptions.ts';
import { atMostText, planRemarks } from '../core/drain/drainPlanText.ts';
import { counted } from '../core/text/quantities.ts';
import { planDrainOf, type PlannedDrain } from '../node/drain/planDrainOf.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult } from './commandResult.ts';
import { type MeansOptions, meansProblem, offerText, runsFirstQueued, variables } from './drainMeans.ts';
import { exitCodes } from './exitCodes.ts';
import { workspaceFolderOf } from './workspaceFolder.ts';
import { textLines } from './textLines.ts';

/** What `drain --dry-run` prints, also where the drain itself would be refused; nothing is changed. */
export async function planResult(
  databasePath: string,
  databaseUrl: string,
  request: DrainRequest,
  resume: string | undefined,
  options: MeansOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { reader, signal } = context;
  const workspaceFolder = workspaceFolderOf(options, context);
  const executor = {
    runsFirstQueued: await runsFirstQueued(options, context),
    environment: { ...variablesIn(context.env), ...variables(options) },
  };
  const job = { databasePath, workspaceFolder, request, resume, reader, executor };
  const drained = await planDrainOf(job, signal);
  const problem = await meansProblem(databasePath, options, context);
  const refusals =
    problem === null ? [] : [`The drain would be refused: ${problem.message} ${problem.nextStep}`];
  const planned = { ...drained, warnings: [...refusals, ...drained.warnings] };
  return {
    exitCode: problem === null ? exitCodes.good : exitCodes.refused,
    json: planJson(databaseUrl, planned),
    text: planText(planned),
  };
}

function planText({ plan, warnings, offers }: PlannedDrain): string {
  const { steps, candidates, notTaken } = plan;
  return textLines([
    `Plan: ${counted(steps.length, 'phase')} of ${counted(candidates, 'candidate')}; at most ${atMostText(plan)}.`,
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
function planJson(databaseUrl: string, { plan, warnings, offers }: PlannedDrain): unknown {
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
  };
}
