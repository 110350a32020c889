import * as vscode from 'vscode';
import { type Finding } from '../../core/identity/findings.ts';
import { gitProblem, type GitFinding } from '../../core/identity/gitFinding.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { staleCountsText, type StaleFindings } from '../../core/identity/stalePhase.ts';
import { deleteCanariesOperation } from '../../core/maintenance/canaryRun.ts';
import { wayBackText } from '../../core/maintenance/undoChange.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { ignoreInGit, untrackInGit } from '../../node/identity/git.ts';
import { PinFile } from '../../node/identity/pinFile.ts';
import { adopt, planAdoption } from '../../node/maintenance/adopt.ts';
import { failStale } from '../../node/maintenance/bulkChange.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { CommandName } from '../ids.ts';
import { notifyWithBackup } from '../maintenance/backupCommands.ts';
import { notifyChanged, type BulkDeps } from '../maintenance/requeuePhases.ts';
import type { Offers } from '../offers/offers.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { formatDateTime } from '../../core/text/times.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { repinDatabase } from './offerAdoption.ts';
import { askWhichFile, whichFileText } from '../guard/askWhichFile.ts';
import { authoriseWrite } from '../guard/authoriseWrite.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';
import { confirmSource } from './confirmSources.ts';
import type { DriftReport } from './issues.ts';
import { findingFixes, type FindingFix } from './findingFixes.ts';

/** Fixes a finding in the way a person chooses, after a question that says what will change. */
export async function fixFinding(finding: Finding, report: DriftReport, deps: BulkDeps): Promise<void> {
  const original = report.path === null ? null : await originalOf(finding, report.path, deps);
  const fixes = findingFixes(finding, original, report.path);
  const [only] = fixes;
  const fix = fixes.length === 1 ? only : await choose(finding, fixes);
  if (fix === undefined) return;
  if (fix.kind === 'select-original') {
    if (original !== null) await deps.selected.select(original);
  } else await carryOut(fix.kind, finding, report, deps);
}

/** The file that a copy was made of, where that is known. */
async function originalOf({ code }: Finding, path: string, deps: BulkDeps): Promise<string | null> {
  if (code !== 'copy-or-restored') return null;
  const guard = guardOf(path, deps);
  return guard.originalOf(await guard.inspect(path));
}

async function choose({ message }: Finding, fixes: readonly FindingFix[]): Promise<FindingFix | undefined> {
  const items = fixes.map((fix) => ({ label: fix.title, fix }));
  const picked = await safeWindow.showQuickPick(items, { title: t`Fix`, placeHolder: message });
  return picked?.fix;
}

/** Mends that are commands, which refuse in Restricted Mode what is refused there. */
const commands = {
  adopt: 'adoptDatabase',
  check: 'checkIdentity',
  restore: 'restoreBackup',
  seed: 'seedRun',
  select: 'selectDatabase',
} as const satisfies Partial<Record<FindingFix['kind'], CommandName>>;

async function carryOut(
  kind: Exclude<FindingFix['kind'], 'select-original'>,
  { sessionId, message }: Finding,
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
  requireTrust(t`Fixing this`);
  if (report.path === null) return;
  if (kind === 'confirm-source') await confirmSource(report.path, message, deps);
  else await change(kind, report.path, report, deps);
}

function isCommand(kind: FindingFix['kind']): kind is keyof typeof commands {
  return kind in commands;
}

async function change(
  kind: Exclude<
    FindingFix['kind'],
    keyof typeof commands | 'confirm-source' | 'open-environment' | 'resume' | 'select-original'
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
      await repinDatabase(path, deps);
  }
}

/** Gives a copy an id of its own, so that nothing takes it for the database it was copied from. */
async function adoptAnew(path: string, deps: BulkDeps): Promise<void> {
  const guard = guardOf(path, deps);
  const offer = await deps.offers.about(path);
  const inspection = await guard.inspect(path);
  const { fingerprint } = inspection;
  if (fingerprint.role === 'unknown') {
    await executeCommand('adoptDatabase');
    return;
  }
  const plan = await planAdoption(guard, path, { role: fingerprint.role, anew: true });
  const original = await guard.originalOf(inspection);
  const question = {
    message: t`Make ${databaseName(path)} a database of its own?`,
    detail: [
      ...whichFileText(inspection, original),
      '',
      t`Backs it up, then gives it a new ID. Its role and content stay the same.`,
    ],
    goOn: t`Give It a New ID`,
  };
  if (!(await askWhichFile(offer, original, question, deps))) return;
  const { backup } = await adopt(plan, { ...deps, guard, workspaceFolder: guardFolder(path) });
  await deps.selected.refresh();
  deps.errors.watch(notifyWithBackup(t`${databaseName(path)} has an ID of its own now.`, backup));
}

/** Deletes canary runs that a crash left behind, after a question that names them. Other runs are never touched. */
async function fixCanaries(path: string, deps: BulkDeps): Promise<void> {
  const expected = await authoriseWrite(path, 'canary', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const { value: canaries } = await deps.reader.request(path, 'leftCanaries', null);
  if (canaries.length === 0) return;
  const runs = counted(canaries.length, 'canary run');
  const button = t`Delete ${counted(canaries.length, 'Canary Run')}`;
  const detail = [
    t`They were added to check an API server, and deleting them was interrupted. They have no phases.`,
    '',
    ...canaries,
  ];
  const message = t`Delete ${runs} from ${databaseName(path)}?`;
  const write = { operation: 'canary', rows: canaries.length } as const;
  const asked = { severity: 'warning', message, detail, buttons: [button], write } as const;
  if ((await offer.ask(asked)) !== button) return;
  const deleted = await guardedWrite(deps.writer, { path, expected }, deleteCanariesOperation, {});
  await deps.selected.refresh();
  deps.errors.watch(safeWindow.showInformationMessage(t`Deleted ${counted(deleted, 'canary run')}.`));
}

/** Keeps database files out of git, after a question that says what will change. The files themselves stay. */
async function fixGit(path: string, wrong: readonly GitFinding[], offers: Offers): Promise<void> {
  const offer = await offers.about(path);
  const tracked = wrong.filter(({ isTracked }) => isTracked);
  const [ignore, untrack] = [t`Ignore`, t`Ignore and Untrack`];
  const detail = [
    ...wrong.map((each) => gitProblem(each) ?? ''),
    '',
    t`Ignoring adds lines to the .gitignore of the repository.`,
    ...(tracked.length > 0 ? [t`Untracking takes the file out of the index; the file itself stays.`] : []),
  ];
  const pressed = await offer.ask({
    severity: 'warning',
    message: t`Keep the database out of git?`,
    detail,
    // What git has already is not kept out by a line in .gitignore: then untracking is the usual way.
    buttons: [...(tracked.length > 0 ? [untrack] : []), ignore],
  });
  if (pressed === undefined) return;
  for (const each of wrong) await ignoreInGit(each);
  if (pressed === untrack) for (const each of tracked) await untrackInGit(each);
}

/** Moves pins that cannot be read aside, after a question that says what is forgotten with them. */
async function fixPins(path: string, { clock, errors, offers }: BulkDeps): Promise<void> {
  const pins = new PinFile(guardFolder(path));
  const offer = await offers.about(path);
  const button = t`Move It Away`;
  const detail = [
    t`This folder forgets its databases: until each is next written, a copy or a replaced file is not detected.`,
    '',
    t`File: ${pins.path}`,
  ];
  const message = t`Move the damaged record of known databases away?`;
  if ((await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) !== button) return;
  const kept = await pins.moveAway(clock.now());
  errors.watch(safeWindow.showInformationMessage(t`The damaged record is now ${kept}.`));
}

/** Marks phases FAILED that are EXECUTING and that nobody works on, after a question that says how many, and a backup. */
async function fixStale(path: string, found: StaleFindings, deps: BulkDeps): Promise<void> {
  // As the finding says: what was left QUEUED can still be drained.
  const stale = { ...found, stale: found.stale.filter(({ state }) => state === 'EXECUTING') };
  const expected = await authoriseWrite(path, 'mark-stale', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const button = t`Mark ${counted(stale.stale.length, 'Phase')} as Failed`;
  const pressed = await offer.ask({
    severity: 'warning',
    message: t`Mark ${counted(stale.stale.length, 'stale phase')} of ${databaseName(path)} as FAILED?`,
    detail: [
      t`${staleCountsText(stale.stale)}, unchanged since ${formatDateTime(stale.before)}, and nothing is running them. ${wayBackText(path)}`,
    ],
    buttons: [button],
    write: { operation: 'mark-stale', rows: stale.stale.length },
  });
  if (pressed !== button) return;
  const { marked, backup } = await failStale(path, stale, expected, {
    ...deps,
    workspaceFolder: guardFolder(path),
  });
  if (marked > 0) await notifyChanged(t`Marked ${counted(marked, 'phase')} as FAILED.`, path, backup, deps);
}
