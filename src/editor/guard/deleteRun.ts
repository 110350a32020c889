import { basename } from 'node:path';
import * as vscode from 'vscode';
import { deletionText, type RunToDelete } from '../../core/maintenance/deleteRun.ts';
import { deleteAgreed, refuseDeleting } from '../../node/maintenance/bulkChange.ts';
import type { Offer } from '../offers/offers.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { authoriseWrite } from './authoriseWrite.ts';
import { guardFolder, guardOf } from './guardOf.ts';
import type { BulkDeps } from './requeuePhases.ts';
import { tellChanged } from './tellChanged.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Deletes a run of the selected database, after a question that says what goes with it, and a backup. */
export async function deleteRun(runId: string, deps: BulkDeps): Promise<void> {
  requireTrust('Deleting a run');
  const { reader, selected } = deps;
  const path = selected.requirePath();
  // Before anything is asked: a run that cannot be deleted needs no adopted database.
  await reader.ask(path, 'runToDelete', { runId });
  const expected = await authoriseWrite(path, 'delete-run', deps);
  if (expected === undefined) return;
  await refuseDeleting(path, runId);
  const offer = await deps.offers.about(path);
  const { value: run } = await reader.ask(path, 'runToDelete', { runId });
  if (!(await confirmDeleting(path, run, offer))) return;
  const where = { ...deps, workspaceFolder: guardFolder(path), guard: guardOf(path, deps) };
  const backup = await safeWindow.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Deleting ${runId}` },
    () => deleteAgreed(path, run, expected, where),
  );
  await selected.refresh();
  await tellChanged(`Deleted the run ${runId}.`, path, backup, deps);
}

async function confirmDeleting(path: string, run: RunToDelete, offer: Offer): Promise<boolean> {
  const button = 'Delete Run';
  const detail = [...deletionText(run), 'A backup is made first.'];
  const message = `Delete the run ${run.runId} from ${basename(path)}?`;
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [button] })) === button;
}
