import * as vscode from 'vscode';
import type { SeedResult } from '../../core/seed/seedDatabase.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { counted } from '../../core/text/quantities.ts';
import type { SeedTelemetryRunDeps } from './seedTelemetryRun.ts';

/** Shows a run that was just seeded, and offers to drain it. */
export async function tellSeeded(
  { runId, phases, nextStep }: SeedResult,
  { selected, revealRun }: Pick<SeedTelemetryRunDeps, 'selected' | 'revealRun'>,
): Promise<void> {
  await selected.refresh();
  await revealRun(runId);
  const drain = 'Drain Run';
  const message = `Seeded the run ${runId} with ${counted(phases, 'phase')}. ${nextStep}`;
  if ((await vscode.window.showInformationMessage(message, drain)) === drain) {
    await executeCommand('drainRun', { runId });
  }
}
