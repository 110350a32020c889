import * as vscode from 'vscode';
import type { RunSummary } from '../../core/model/run.ts';
import { drainableCount } from '../runs/drainable.ts';
import { stateCountsLabel } from '../runs/stateLabels.ts';
import { counted } from '../text/quantities.ts';
import type { DrainSubject } from './drainSubject.ts';

/** Asks what to drain: a batch of everything, or one run. Where there is only one run with candidates nothing is asked. */
export async function askDrainSubject(
  runs: readonly RunSummary[],
  batchSize: number,
): Promise<DrainSubject | undefined> {
  const waiting = runs.filter(({ phaseStates }) => drainableCount(phaseStates) > 0);
  if (waiting.length <= 1) return { kind: 'batch' };
  const candidates = waiting.reduce((sum, { phaseStates }) => sum + drainableCount(phaseStates), 0);
  const batch = {
    label: `$(layers) A batch of ${Math.min(batchSize, candidates)}`,
    description: `of ${counted(candidates, 'candidate')} in ${counted(waiting.length, 'run')}, one of each run first`,
    subject: { kind: 'batch' } satisfies DrainSubject,
  };
  const single = waiting.map(({ id, phaseStates }) => ({
    label: `$(play) ${id}`,
    description: stateCountsLabel(phaseStates),
    subject: { kind: 'run', runId: id } satisfies DrainSubject,
  }));
  const separator = { label: 'One run', kind: vscode.QuickPickItemKind.Separator, subject: undefined };
  const picked = await vscode.window.showQuickPick([batch, separator, ...single], {
    title: 'Drain',
    placeHolder: 'What is to be drained?',
    matchOnDescription: true,
  });
  return picked?.subject;
}
