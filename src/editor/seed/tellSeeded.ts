import type { SeedResult } from '../../core/seed/seedDatabase.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { counted } from '../../core/text/quantities.ts';
import type { SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** Shows a run that was just seeded into the database at the absolute `path`, and offers to drain it. */
export async function tellSeeded(
  path: string,
  { runId, phases, nextStep }: SeedResult,
  { selected, revealRun, offers }: Pick<SeedTelemetryRunDeps, 'selected' | 'revealRun' | 'offers'>,
): Promise<void> {
  await selected.refresh();
  const offer = await offers.about(path);
  await revealRun(runId);
  const drain = 'Drain Run';
  const message = `Seeded the run ${runId} with ${counted(phases, 'phase')}. ${nextStep}`;
  if ((await offer.ask({ severity: 'information', message, buttons: [drain] })) === drain) {
    await executeCommand('drainRun', { runId });
  }
}
