import { wayBackText } from '../../core/maintenance/undoChange.ts';
import * as z from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import { staleCountsText } from '../../core/identity/stalePhase.ts';
import { t } from '../../core/text/l10n.ts';
import { defaultMaxAgeMinutes, failStale, findStale } from '../maintenance/bulkChange.ts';
import { planOfPhases } from './toolInput.ts';
import { defineWritingTool, type WritingTool } from './writingTool.ts';

/** Ends phases that nobody is at work on. */
export const markStaleTool: WritingTool = defineWritingTool({
  name: 'autopack_mark_stale',
  title: 'Autopack: Mark Stale Phases as Failed',
  description:
    'Sets stale phases of the selected Autopack database FAILED, with a reason, after a backup: those that are EXECUTING, or QUEUED in a run that was begun, unchanged for long while no program works on them. A human is asked each time, and sees which phases. Writes.',
  operation: 'mark-stale',
  command: 'stale',
  isDestructive: true,
  isIdempotent: true,
  isOpenWorld: false,
  input: z.strictObject({
    maxAgeMinutes: z
      .int()
      .min(1)
      .max(100_000)
      .default(defaultMaxAgeMinutes)
      .describe('Unchanged for so long is stale.'),
  }),
  async prepare({ maxAgeMinutes }, { world, path, signal }) {
    const before = world.clock.now() - maxAgeMinutes * 60_000;
    const found = await findStale(world.reader, path, before, signal);
    if (found.stale.length === 0) throw nothingStale();
    const phases = found.stale.map(({ runId, phaseId, state }) => ({ runId, phaseId, state }));
    return {
      question: t`Mark stale phases as FAILED (${staleCountsText(found.stale)})? ${wayBackText(path)}`,
      plan: planOfPhases(t`Become FAILED`, phases),
      rows: phases.length,
      params: { phases },
      basis: found.stale,
      options: ['--mark-failed', '--max-age-minutes', String(maxAgeMinutes)],
      async apply(expected, deps, { signal: applying }) {
        const { marked, backup } = await failStale(path, found, expected, deps, applying);
        return { facts: { marked, of: phases.length, backupPath: backup?.path ?? null } };
      },
    };
  },
});

function nothingStale(): UserFacingError {
  return new UserFacingError('not-found', 'No phase is stale.', 'Nothing needs to be done.');
}
