import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { deletionText, type RunToDelete } from '../../core/maintenance/deleteRun.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { RequeueScope, RequeueSelection } from '../../core/maintenance/requeue.ts';
import { wayBackText } from '../../core/maintenance/undoChange.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Backup } from '../../node/maintenance/backups.ts';
import {
  refuseRequeueing,
  requeueAgreed,
  deleteAgreed,
  refuseDeleting,
} from '../../node/maintenance/bulkChange.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { clusterTarget, phaseTarget, phaseTargets, runTarget, runTargets } from '../commands/targets.ts';
import { authoriseWrite, type AuthoriseDeps, type WriteDeps } from '../guard/authoriseWrite.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';
import { stateCountsLabel } from '../window/labels.ts';
import type { Offer } from '../offers/offers.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { offerUndo } from './undoServerChange.ts';
import { revealBackup, revealBackupTitle, restoreBackup } from './backupCommands.ts';

/** What changing many rows at once needs. */
export type BulkDeps = AuthoriseDeps & WriteDeps;

/** Queues FAILED phases of the selected database again, after a question that says how many, and a backup. */
async function requeuePhases(
  scope: Omit<RequeueScope, 'states' | 'staleBefore'>,
  deps: BulkDeps,
): Promise<void> {
  requireTrust(t`Re-queueing phases`);
  const { reader, selected } = deps;
  const path = selected.requirePath();
  const whole = { ...scope, states: ['FAILED'], staleBefore: 0 } as const;
  const { value: found } = await reader.request(path, 'requeueSelection', whole);
  if (found.phases.length === 0) throw nothingFailed(found);
  await requeueFound(path, whole, deps);
}

async function requeueFound(path: string, whole: RequeueScope, deps: BulkDeps): Promise<void> {
  const { reader, selected } = deps;
  const expected = await authoriseWrite(path, 'requeue', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const { value: found } = await reader.request(path, 'requeueSelection', whole);
  if (found.phases.length === 0) throw nothingFailed(found);
  await refuseRequeueing(path, found.phases);
  if (!(await confirmRequeueing(path, found, offer))) return;
  const where = { ...deps, workspaceFolder: guardFolder(path) };
  const { result: requeued, backup } = await safeWindow.withProgress(
    { location: vscode.ProgressLocation.Window, title: t`Re-queueing phases` },
    () => requeueAgreed(path, found.phases, expected, where),
  );
  await selected.refresh();
  const changed = found.phases.length - requeued;
  await notifyChanged(requeuedText(requeued, changed), path, backup, deps);
}

function requeuedText(requeued: number, changed: number): string {
  if (changed === 0) return t`Re-queued ${counted(requeued, 'phase')}.`;
  return changed === 1
    ? t`Re-queued ${counted(requeued, 'phase')}. ${counted(changed, 'phase')} changed meanwhile and was left alone.`
    : t`Re-queued ${counted(requeued, 'phase')}. ${counted(changed, 'phase')} changed meanwhile and were left alone.`;
}

async function confirmRequeueing(
  path: string,
  { phases, left }: RequeueSelection,
  offer: Offer,
): Promise<boolean> {
  const button = t`Re-queue ${counted(phases.length, 'Phase')}`;
  const others = Object.keys(left).length === 0 ? [] : [t`Left as they are: ${stateCountsLabel(left)}.`];
  const detail = [returnText(phases), ...others, wayBackText(path)];
  const question = t`Re-queue ${counted(phases.length, 'failed phase')}?`;
  const write = { operation: 'requeue', rows: phases.length } as const;
  const asked = { severity: 'warning', message: question, detail, buttons: [button], write } as const;
  return (await offer.ask(asked)) === button;
}

function returnText(phases: RequeueSelection['phases']): string {
  if (phases.length === 1) return t`It returns to the queue; failure reasons and attempts stay.`;
  const runs = new Set(phases.map(({ runId }) => runId)).size;
  return runs === 1
    ? t`They return to the queue; failure reasons and attempts stay.`
    : t`They return to the queue of ${counted(runs, 'run')}; failure reasons and attempts stay.`;
}

function nothingFailed({ left }: RequeueSelection): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    t`None of these phases failed (${stateCountsLabel(left)}).`,
    t`Refresh the view, then choose others.`,
  );
}

/** Deletes a run of the selected database, after a question that says what goes with it, and a backup. */
async function deleteRun(runId: string, deps: BulkDeps): Promise<void> {
  requireTrust(t`Deleting a run`);
  const { reader, selected } = deps;
  const path = selected.requirePath();
  // Before anything is asked: a run that cannot be deleted needs no adopted database.
  await reader.request(path, 'runToDelete', { runId });
  const expected = await authoriseWrite(path, 'delete-run', deps);
  if (expected === undefined) return;
  await refuseDeleting(path, runId);
  const offer = await deps.offers.about(path);
  const { value: run } = await reader.request(path, 'runToDelete', { runId });
  if (!(await confirmDeleting(path, run, offer))) return;
  const where = { ...deps, workspaceFolder: guardFolder(path), guard: guardOf(path, deps) };
  const backup = await safeWindow.withProgress(
    { location: vscode.ProgressLocation.Window, title: t`Deleting ${runId}` },
    () => deleteAgreed(path, run, expected, where),
  );
  await selected.refresh();
  await notifyChanged(t`Deleted the run ${runId}.`, path, backup, deps);
}

async function confirmDeleting(path: string, run: RunToDelete, offer: Offer): Promise<boolean> {
  const button = t`Delete Run`;
  const detail = [...deletionText(run), wayBackText(path)];
  const message = t`Delete the run ${run.runId} from ${databaseName(path)}?`;
  const write = { operation: 'delete-run', rows: run.goes.length } as const;
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [button], write })) === button;
}

/** The commands that change many rows at once: each asks first, backs up, and offers the way back. */
export function bulkChangeCommands(
  deps: BulkDeps,
): CommandHandlers<'requeuePhase' | 'requeueSelected' | 'requeueRun' | 'requeueCluster' | 'deleteRun'> {
  return {
    requeuePhase: (target, selected) => {
      const chosen = phaseTargets(selected);
      const one = targetInSelected(target, deps.selected.path);
      return requeuePhases({ keys: chosen.length > 0 ? chosen : [phaseTarget(one)] }, deps);
    },
    requeueSelected: async (targets) => {
      const path = deps.selected.requirePath();
      const ofRuns: PhaseKey[] = [];
      for (const { runId } of runTargets(targets)) {
        const { value } = await deps.reader.request(path, 'runDetail', { runId });
        ofRuns.push(...value.phases.map(({ phaseId }) => ({ runId, phaseId })));
      }
      await requeuePhases({ keys: [...phaseTargets(targets), ...ofRuns] }, deps);
    },
    requeueRun: (target, selected) => {
      const chosen = runTargets(selected).map(({ runId }) => runId);
      return requeuePhases({ runIds: chosen.length > 0 ? chosen : [runTarget(target).runId] }, deps);
    },
    requeueCluster: (target) => {
      const { fingerprint, keys } = clusterTarget(target);
      return requeuePhases(keys === undefined ? { fingerprint } : { keys }, deps);
    },
    deleteRun: (target) => deleteRun(runTarget(target).runId, deps),
  };
}

/** Says what a bulk change of the database under `path` has done, and offers to go back to what was there before. */
export async function notifyChanged(
  message: string,
  path: string,
  backup: Backup | null,
  deps: WriteDeps,
): Promise<void> {
  if (backup === null) {
    deps.errors.watch(offerUndo(message, path, deps));
    return;
  }
  const undo = t`Restore Backup`;
  const reveal = revealBackupTitle();
  const offer = await deps.offers.about(path);
  const shown = offer.ask({
    severity: 'information',
    message: t`${message} Backup saved.`,
    buttons: [undo, reveal],
    harmless: [reveal],
  });
  // Not awaited: what asked for the change goes on.
  deps.errors.watch(
    shown.then(async (pressed) => {
      if (pressed === undo) await restoreBackup(path, backup.path, deps);
      if (pressed === reveal) await revealBackup(backup);
    }),
  );
}
