import * as vscode from 'vscode';
import type { RunSummary } from '../../core/model/run.ts';
import { drainChoices, type FilteredRuns } from './drainChoices.ts';
import type { DrainSubject } from './drainSubject.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Asks what to drain: a batch of what the view shows, of everything or of a state, or one run. Where there is but one thing to drain nothing is asked. */
export async function askDrainSubject(
  all: readonly RunSummary[],
  filtered: FilteredRuns | null,
  batchSize: number,
): Promise<DrainSubject | undefined> {
  const { batches, runs } = drainChoices(all, filtered, batchSize);
  const isOneThing = batches.length === 1 && runs.length <= 1;
  if (isOneThing) return { kind: 'batch' };
  const separator = { label: 'One run', kind: vscode.QuickPickItemKind.Separator, subject: undefined };
  const picked = await safeWindow.showQuickPick([...batches, separator, ...runs], {
    title: 'Drain',
    placeHolder: 'What do you want to drain?',
    matchOnDescription: true,
  });
  return picked?.subject;
}
