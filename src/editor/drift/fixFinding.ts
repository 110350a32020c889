import * as vscode from 'vscode';
import { gitProblem, type Finding } from '../../core/identity/findings.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { guardFolder, guardOf } from '../guard/guardOf.ts';
import type { BulkDeps } from '../guard/requeuePhases.ts';
import { takeThis } from '../guard/takeThis.ts';
import type { CommandName } from '../ids.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { adoptAnew } from './adoptAnew.ts';
import type { DriftReport } from './driftMonitor.ts';
import { type FindingMend, findingMends } from './findingMends.ts';
import { fixCanaries } from './fixCanaries.ts';
import { fixGit } from './fixGit.ts';
import { fixPins } from './fixPins.ts';
import { fixStale } from './fixStale.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Puts a finding right in the way a person chooses, each after a question that says what will change. */
export async function fixFinding(finding: Finding, report: DriftReport, deps: BulkDeps): Promise<void> {
  const original = report.path === null ? null : await originalOf(finding, report.path, deps);
  const mends = findingMends(finding, original);
  const [only] = mends;
  const mend = mends.length === 1 ? only : await choose(finding, mends);
  if (mend === undefined) return;
  if (mend.kind === 'select-original') {
    if (original !== null) await deps.selected.select(original);
  } else await carryOut(mend.kind, finding, report, deps);
}

/** The file that a copy was made of, where that is known. */
async function originalOf({ code }: Finding, path: string, deps: BulkDeps): Promise<string | null> {
  if (code !== 'copy-or-restored') return null;
  const guard = guardOf(path, deps);
  return guard.originalOf(await guard.inspect(path));
}

async function choose({ message }: Finding, mends: readonly FindingMend[]): Promise<FindingMend | undefined> {
  const items = mends.map((mend) => ({ label: mend.title, mend }));
  const picked = await safeWindow.showQuickPick(items, { title: 'Fix', placeHolder: message });
  return picked?.mend;
}

/** Mends that are commands, which refuse in Restricted Mode what is refused there. */
const commands = {
  adopt: 'adoptDatabase',
  check: 'checkIdentity',
  restore: 'restoreBackup',
  seed: 'seedRun',
  select: 'selectDatabase',
} as const satisfies Partial<Record<FindingMend['kind'], CommandName>>;

async function carryOut(
  kind: Exclude<FindingMend['kind'], 'select-original'>,
  { sessionId }: Finding,
  report: DriftReport,
  deps: BulkDeps,
): Promise<void> {
  if (isCommand(kind)) {
    await executeCommand(commands[kind]);
    return;
  }
  if (kind === 'open-environment') {
    await vscode.commands.executeCommand(
      'workbench.action.openSettings',
      '@id:autopackHygiene.drain.environment',
    );
    return;
  }
  if (kind === 'resume') {
    if (report.path === null || sessionId === undefined) return;
    // Which asks before it goes on, and refuses in Restricted Mode.
    await executeCommand('resumeDrain', { folder: guardFolder(report.path), sessionId });
    return;
  }
  requireTrust('Fixing this');
  if (report.path !== null) await change(kind, report.path, report, deps);
}

function isCommand(kind: FindingMend['kind']): kind is keyof typeof commands {
  return kind in commands;
}

async function change(
  kind: Exclude<
    FindingMend['kind'],
    keyof typeof commands | 'open-environment' | 'resume' | 'select-original'
  >,
  path: string,
  { git, stale }: DriftReport,
  deps: BulkDeps,
): Promise<void> {
  switch (kind) {
    case 'adopt-anew':
      return adoptAnew(path, deps);
    case 'delete-canaries':
      return fixCanaries(path, deps);
    case 'keep-out-of-git':
      return fixGit(
        path,
        git.filter((each) => gitProblem(each) !== null),
        deps.offers,
      );
    case 'mark-stale':
      return stale === null ? undefined : fixStale(path, stale, deps);
    case 'move-pins':
      return fixPins(path, deps);
    case 'take-this':
      await takeThis(path, deps);
  }
}
