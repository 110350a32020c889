import * as z from 'zod';
import { atMostText, costText, planRemarks } from '../../core/drain/drainPlanText.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { planDrainOf } from '../drain/planDrainOf.ts';
import { planOfPhases } from './toolInput.ts';
import { defineWritingTool, type WritingTool } from './writingTool.ts';

/** Executes phases. */
export const drainTool: WritingTool = defineWritingTool({
  name: 'autopack_drain',
  title: 'Autopack: Drain',
  description:
    'Executes QUEUED and FAILED phases of the selected Autopack database, which takes minutes to hours and may cost money. Plan it with autopack_drain_plan first. A human is asked each time, and sees which phases; autopack_drain_status tells how far it is. Writes.',
  operation: 'drain',
  command: 'drain',
  isDestructive: true,
  isIdempotent: false,
  isOpenWorld: true,
  input: z.strictObject({
    runId: z.string().max(500).optional().describe('Phases of this run only.'),
    batchSize: z.int().min(1).max(100).default(10).describe('Execute at most this many phases.'),
  }),
  async prepare({ runId, batchSize }, { world, path, signal, progress }) {
    const [workspaceFolder = ''] = world.workspaceFolders();
    const executor = await world.executorFor(workspaceFolder);
    progress('Planning');
    const options = { runId, batchSize };
    const job = { databasePath: path, workspaceFolder, options, resume: undefined };
    const { plan, warnings, cost } = await planDrainOf({ ...job, reader: world.reader, executor }, signal);
    const phases = plan.steps.map(({ candidate: { runId: run, phaseId, state } }) => ({
      runId: run,
      phaseId,
      state,
    }));
    if (phases.length === 0) throw nothingToDrain();
    return {
      question: t`Drain ${counted(phases.length, 'phase')} with the ${executor.name} executor (at most ${atMostText(plan)})?`,
      plan: [
        ...(cost === null ? [] : [costText(cost)]),
        ...warnings,
        ...planRemarks(plan),
        ...planOfPhases(t`Executed, in this order`, phases),
      ],
      rows: phases.length,
      params: { executor: executor.name, options, phases },
      options: [
        ...(runId === undefined ? [] : ['--run-id', runId]),
        ...['--batch-size', String(batchSize), '--executor', executor.name],
      ],
      apply: async (_, { drain }, { signal: draining, command }) => ({
        facts: await drain({ phases, command }, draining),
      }),
    };
  },
});

function nothingToDrain(): UserFacingError {
  return new UserFacingError(
    'not-found',
    'There is nothing to drain: no such phase is QUEUED or FAILED.',
    'Look at the phases with autopack_phases.',
  );
}
