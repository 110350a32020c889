import * as z from 'zod';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { atMostText, costText, planRemarks } from '../../core/drain/drainPlanText.ts';
import { withoutRecordedAnswer } from '../../core/drain/refuseUndrainable.ts';
import { UserFacingError } from '../../core/errors.ts';
import { hasMatch } from '../../core/model/phaseFilter.ts';
import { drainableStates } from '../../core/queries/candidates.ts';
import { executorNameFor } from '../drain/chooseExecutor.ts';
import { planDrainOf, type PlanQuestion } from '../drain/planDrainOf.ts';
import { defineTool, type AgentTool, type ToolWorld } from './agentTool.ts';
import { filterInput, filterOf, pageInput, pageOf } from './toolInput.ts';

/** What a drain would do. */
export const drainPlanTool: AgentTool = defineTool({
  name: 'autopack_drain_plan',
  title: 'Autopack: Drain Plan (Dry Run)',
  description:
    'Plans a drain of the selected Autopack database without executing anything: which QUEUED and FAILED phases would be executed, in which order and why, which are not included and why, the most executions, minutes and tokens it can come to, and the cost where the executor knows it. Use it before proposing a drain to a human; it never starts one. Reads only.',
  input: z.strictObject({
    runId: z.string().max(500).optional().describe('Plan for this run only.'),
    ...filterInput,
    states: z
      .array(z.enum(drainableStates as [string, ...string[]]))
      .optional()
      .describe('Only phases in these states; by default both.'),
    batchSize: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe('Execute at most this many phases; 10 by default.'),
    maxTokens: z.int().min(1).optional().describe('Start no phase after this many tokens.'),
    ...pageInput,
  }),
  async answer(
    { runId, batchSize, maxTokens, offset, limit, states, ...filter },
    { world, path, signal, progress },
  ) {
    const [workspaceFolder] = world.workspaceFolders();
    if (workspaceFolder === undefined) throw noFolder();
    const { text, categories, complexities } = filterOf(filter);
    const match = { text, categories, complexities };
    const options: DrainRequest = {
      runId,
      batchSize,
      maxTokens,
      states,
      match: hasMatch(match) ? match : undefined,
    };
    progress('Planning');
    const { executor, name, problem } = await executorOf(workspaceFolder, world);
    const job = { databasePath: path, workspaceFolder, options, resume: undefined };
    const planned = await planDrainOf({ ...job, reader: world.reader, executor }, signal);
    const { plan, warnings, offers, cost } = planned;
    const planIds = plan.steps.map(({ candidate }) => candidate.phaseId);
    const unrecorded = name === 'example' ? withoutRecordedAnswer(planIds) : null;
    return {
      facts: {
        isDryRun: true,
        executor: name,
        ...(problem === null ? {} : { wouldBeRefused: problem }),
        candidates: plan.candidates,
        planned: plan.steps.length,
        atMost: atMostText(plan),
        cost: cost === null ? 'not known to this executor' : costText(cost),
        remarks: [
          ...(unrecorded === null ? [] : [unrecorded]),
          ...warnings,
          ...planRemarks(plan),
          ...offers,
        ].slice(0, 12),
      },
      lists: [
        pageOf('steps', plan.steps, { offset, limit }, ({ candidate, kind, reason, attempt }) => ({
          runId: candidate.runId,
          phaseId: candidate.phaseId,
          state: candidate.state,
          tokenCap: candidate.tokenCap,
          attempt,
          kind,
          reason,
        })),
        {
          name: 'notIncluded',
          items: plan.notTaken.map(({ phases, reason }) => ({ phases: phases.length, reason })),
        },
      ],
    };
  },
});

/** The executor that a drain would use. Where it cannot be chosen the plan is told all the same, and why a drain would be refused. */
async function executorOf(
  workspaceFolder: string,
  world: ToolWorld,
): Promise<{ executor: PlanQuestion['executor']; name: string; problem: string | null }> {
  try {
    const executor = await world.executorFor(workspaceFolder);
    return { executor, name: executor.name, problem: null };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    const name = await executorNameFor(undefined, workspaceFolder);
    const executor = { runsFirstQueued: name === 'autopack' };
    return { executor, name, problem: `${error.message} ${error.nextStep}` };
  }
}

function noFolder(): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    'No trusted folder is open to run phases in.',
    'Ask a human to open the folder of the project, and to trust it.',
  );
}
