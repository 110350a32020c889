import * as z from 'zod';
import { filterTest } from '../../core/model/phaseFilter.ts';
import type { Phase } from '../../core/model/phase.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { defineTool, type AgentTool } from './agentTool.ts';
import { commonest, isoTime } from './answerText.ts';
import { filterInput, filterOf, pageInput, pageOf } from './toolInput.ts';

/** Runs, or the phases of one. */
export const phasesTool: AgentTool = defineTool({
  name: 'autopack_phases',
  title: 'Autopack: Runs and Phases',
  description:
    'Lists runs of the selected Autopack database with how many of their phases are in each state or, with runId, the phases of that run: state, category, complexity, attempts, tokens, why it failed. Filtered and paged. For what failed across runs use autopack_failures. Reads only.',
  input: z.strictObject({
    runId: z.string().max(500).optional().describe('List the phases of this run, instead of runs.'),
    ...filterInput,
    ...pageInput,
  }),
  async answer({ runId, offset, limit, ...filter }, { world, path, signal }) {
    const wanted = filterOf(filter);
    const page = { offset, limit };
    if (runId === undefined) {
      const { value } = await world.reader.request(path, 'matchingRuns', wanted, signal);
      return {
        facts: { runsInAll: value.runsInAll, runsMatching: value.runs.length },
        lists: [
          pageOf('runs', value.runs, page, ({ run, matching }) => ({
            ...runOf(run),
            matching: commonest(matching),
          })),
        ],
      };
    }
    const { value } = await world.reader.request(path, 'runDetail', { runId }, signal);
    const phases = value.phases.filter(filterTest(wanted));
    return {
      facts: { run: { ...runOf(value.run), goal: value.run.goal }, phasesMatching: phases.length },
      lists: [pageOf('phases', phases, page, phaseOf)],
    };
  },
});

function runOf({ id, state, createdAt, phaseCount, phaseStates, failureReason }: RunSummary): object {
  return {
    id,
    state,
    createdAt: isoTime(createdAt),
    phases: phaseCount,
    phaseStates: commonest(phaseStates),
    ...(failureReason === null ? {} : { failureReason }),
  };
}

function phaseOf(phase: Phase): object {
  const { phaseId, name, state, category, complexity, builderAttempts, tokensUsed, failureReason } = phase;
  return {
    phaseId,
    name,
    state,
    category,
    complexity,
    deliverables: phase.scope.deliverables.length,
    attempts: builderAttempts,
    tokensUsed,
    updatedAt: isoTime(phase.updatedAt),
    ...(failureReason === null ? {} : { failureReason }),
  };
}
