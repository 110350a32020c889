import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Finding } from '../../core/guard/findings.ts';
import { type GitFinding, gitProblem } from '../../core/guard/gitFinding.ts';
import { staleCountsText, type StaleFindings } from '../../core/guard/stalePhase.ts';
import { ignoreInGit, untrackInGit } from '../../node/guard/gitHygiene.ts';
import { failStale } from '../../node/guard/staleWork.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { authoriseWrite } from '../guard/authoriseWrite.ts';
import { guardFolder } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { tellChanged } from '../guard/tellChanged.ts';
import { counted } from '../text/quantities.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import type { DriftReport } from './driftMonitor.ts';

/** Puts a finding right that can be put right from here, each after a question that says what will change. */
export async function fixFinding({ code }: Finding, report: DriftReport, deps: BulkDeps): Promise<void> {
  requireTrust('Putting this right');
  const { path, git, stale } = report;
  if (path === null) return;
  if (code === 'not-adopted') await executeCommand('adoptDatabase');
  else if (code === 'git') await fixGit(git.filter((each) => gitProblem(each) !== null));
  else if (code === 'stale-phases' && stale !== null) await endStale(path, stale, deps);
}

async function fixGit(wrong: readonly GitFinding[]): Promise<void> {
  const tracked = wrong.filter(({ isTracked }) => isTracked);
  const [ignore, untrack] = ['Ignore', 'Ignore and Untrack'];
  const pressed = await vscode.window.showWarningMessage(
    'Keep the database out of git?',
    {
      modal: true,
      detail: [
        ...wrong.map((each) => gitProblem(each) ?? ''),
        '',
        'Ignoring adds lines to the .gitignore of the repository.',
        ...(tracked.length > 0 ? ['Untracking takes the file out of the index; the file itself stays.'] : []),
      ].join('\n'),
    },
    ignore,
    ...(tracked.length > 0 ? [untrack] : []),
  );
  if (pressed === undefined) return;
  for (const each of wrong) await ignoreInGit(each);
  if (pressed === untrack) for (const each of tracked) await untrackInGit(each);
}

async function endStale(path: string, stale: StaleFindings, deps: BulkDeps): Promise<void> {
  const button = `Mark ${counted(stale.stale.length, 'Phase')} as Failed`;
  const pressed = await vscode.window.showWarningMessage(
    `Mark ${counted(stale.stale.length, 'stale phase')} of ${basename(path)} as FAILED?`,
    {
      modal: true,
      detail: `${staleCountsText(stale.stale)}, unchanged since ${new Date(stale.before).toLocaleString()}, and no program is at work on them. A backup is made first.\n\nDatabase: ${path}`,
    },
    button,
  );
  if (pressed !== button) return;
  const expected = await authoriseWrite(path, 'mark-stale', deps);
  if (expected === undefined) return;
  const { marked, backup } = await failStale(path, stale, expected, {
    ...deps,
    workspaceFolder: guardFolder(path),
  });
  if (backup !== null) tellChanged(`Marked ${counted(marked, 'phase')} as FAILED.`, path, backup, deps);
}
