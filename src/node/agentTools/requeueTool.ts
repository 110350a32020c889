import { wayBackText } from '../../core/maintenance/undoChange.ts';
import * as z from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import { requeueText } from '../../core/maintenance/requeue.ts';
import { t } from '../../core/text/l10n.ts';
import { defaultMaxAgeMinutes, refuseRequeueing, requeueAgreed } from '../maintenance/bulkChange.ts';
import { phaseInput, planOfPhases } from './toolInput.ts';
import { defineWritingTool, type WritingTool } from './writingTool.ts';

/** Sets failed phases QUEUED again. */
export const requeueTool: WritingTool = defineWritingTool({
  name: 'autopack_requeue',
  title: 'Autopack: Re-queue Failed Phases',
  description:
    'Sets FAILED phases of the selected Autopack database QUEUED again, after a backup: those of a run, or chosen ones. A human is asked each time, and sees which phases. Name phases as autopack_phases lists them. Writes.',
  operation: 'requeue',
  command: 'requeue',
  isDestructive: true,
  isIdempotent: true,
  isOpenWorld: false,
  input: z
    .strictObject({
      runId: z.string().max(500).optional().describe('The FAILED phases of this run.'),
      phases: phaseInput.optional().describe('These phases, where they are FAILED.'),
    })
    .refine(({ runId, phases }) => runId !== undefined || phases !== undefined, 'give runId or phases'),
  async prepare({ runId, phases: keys }, { world, path, signal }) {
    const scope = {
      ...(runId === undefined ? {} : { runIds: [runId] }),
      ...(keys === undefined ? {} : { keys }),
      states: ['FAILED'],
      staleBefore: world.clock.now() - defaultMaxAgeMinutes * 60_000,
    } as const;
    const { value: found } = await world.reader.request(path, 'requeueSelection', scope, signal);
    if (found.phases.length === 0) throw nothingFailed();
    await refuseRequeueing(path, found.phases);
    const phases = found.phases.map((phase) => ({
      runId: phase.runId,
      phaseId: phase.phaseId,
      state: phase.state,
    }));
    return {
      question: t`Re-queue ${requeueText(found.phases)}? ${wayBackText(path)}`,
      plan: planOfPhases(t`Become QUEUED`, phases),
      rows: phases.length,
      params: { phases },
      basis: found.phases,
      options: [
        ...(runId === undefined ? [] : ['--run-id', runId]),
        ...(keys ?? []).flatMap((key) => ['--phase', `${key.runId}/${key.phaseId}`]),
      ],
      async apply(expected, deps, { signal: applying }) {
        const { result, backup } = await requeueAgreed(path, found.phases, expected, deps, applying);
        return { facts: { requeued: result, of: phases.length, backupPath: backup?.path ?? null } };
      },
    };
  },
});

function nothingFailed(): UserFacingError {
  return new UserFacingError(
    'not-found',
    'Nothing to re-queue: none of these phases is FAILED.',
    'Look at the phases with autopack_phases.',
  );
}
