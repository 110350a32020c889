import * as z from 'zod';
import { seedDatabase } from '../../core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../core/seed/telemetryCollectionV4.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { planOfPhases } from './toolInput.ts';
import { defineWritingTool, type WritingTool } from './writingTool.ts';

/** Adds a run of simple phases that collects telemetry. */
export const seedTool: WritingTool = defineWritingTool({
  name: 'autopack_seed',
  title: 'Autopack: Seed a Run',
  description:
    'Adds a run of simple QUEUED phases to the selected Autopack telemetry seed database, to collect telemetry with: ten phases, the same each time. Never into a legacy backlog. A human is asked each time, and sees which phases. Writes.',
  operation: 'seed',
  command: 'seed',
  isDestructive: false,
  isIdempotent: false,
  isOpenWorld: false,
  input: z.strictObject({
    runId: z.string().min(1).max(200).optional().describe('The id of the new run.'),
  }),
  prepare({ runId = telemetryCollectionV4.runId }, { path, world }) {
    const plan = { ...telemetryCollectionV4, runId };
    const phases = plan.phases.map(({ phaseId }) => ({ runId: plan.runId, phaseId }));
    return Promise.resolve({
      question: t`Seed the run ${plan.runId} (${counted(phases.length, 'phase')})?`,
      plan: planOfPhases(t`New, QUEUED`, phases),
      rows: phases.length,
      params: { runId: plan.runId, phases: plan.phases },
      options: ['--run-id', runId],
      async apply(expected, { writer }, { signal }) {
        const now = world.clock.now();
        const seeded = await seedDatabase(writer, path, { now, plan, expected }, signal);
        return { facts: { runId: seeded.runId, phases: seeded.phases, nextStep: seeded.nextStep } };
      },
    });
  },
});
