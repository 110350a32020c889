import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import { type RequeueScope, type RequeueSelection } from '../../core/maintenance/requeue.ts';
import { refuseRequeueing, requeueAgreed } from '../../node/maintenance/bulkChange.ts';
import { stateCountsLabel } from '../runs/stateLabels.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Offer } from '../offers/offers.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { authoriseWrite, type AuthoriseDeps } from './authoriseWrite.ts';
import { guardFolder } from './guardOf.ts';
import type { BackupDeps } from './restoreBackup.ts';
import { tellChanged } from './tellChanged.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** What changing many rows at once needs. */
export interface BulkDeps extends AuthoriseDeps, BackupDeps {
  readonly writer: DatabaseWriterPort;
}

/** Queues FAILED phases of the selected database again, after a question that says how many, and a backup. */
export async function requeuePhases(
  scope: Omit<RequeueScope, 'states' | 'staleBefore'>,
  deps: BulkDeps,
): Promise<void> {
  requireTrust('Re-queueing phases');
  const { reader, selected } = deps;
  const path = selected.requirePath();
  const whole = { ...scope, states: ['FAILED'], staleBefore: 0 } as const;
  const { value: found } = await reader.ask(path, 'requeueSelection', whole);
  if (found.phases.length === 0) throw nothingFailed(found);
  await requeueFound(path, whole, deps);
}

async function requeueFound(path: string, whole: RequeueScope, deps: BulkDeps): Promise<void> {
  const { reader, selected } = deps;
  const expected = await authoriseWrite(path, 'requeue', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(path);
  const { value: found } = await reader.ask(path, 'requeueSelection', whole);
  if (found.phases.length === 0) throw nothingFailed(found);
  await refuseRequeueing(path, found.phases);
  if (!(await confirmRequeueing(path, found, offer))) return;
  const where = { ...deps, workspaceFolder: guardFolder(path) };
  const { result: requeued, backup } = await safeWindow.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Re-queueing phases' },
    () => requeueAgreed(path, found.phases, expected, where),
  );
  await selected.refresh();
  const changed = found.phases.length - requeued;
  const others =
    changed === 0
      ? ''
      : ` ${counted(changed, 'phase')} changed meanwhile and ${changed === 1 ? 'was' : 'were'} left alone.`;
  await tellChanged(`Re-queued ${counted(requeued, 'phase')}.${others}`, path, backup, deps);
}

async function confirmRequeueing(
  path: string,
  { phases, left }: RequeueSelection,
  offer: Offer,
): Promise<boolean> {
  const runs = new Set(phases.map(({ runId }) => runId)).size;
  const of = runs === 1 ? '' : ` of ${counted(runs, 'run')}`;
  const button = `Re-queue ${counted(phases.length, 'Phase')}`;
  const others = Object.keys(left).length === 0 ? [] : [`Left as they are: ${stateCountsLabel(left)}.`];
  const detail = [
    `${phases.length === 1 ? 'It returns' : 'They return'} to the queue${of}; failure reasons and attempts stay.`,
    ...others,
    'A backup is made first.',
  ];
  const question = `Re-queue ${counted(phases.length, 'failed phase')}?`;
  const asked = { severity: 'warning', message: question, detail, buttons: [button] } as const;
  return (await offer.ask(asked)) === button;
}

function nothingFailed({ left }: RequeueSelection): UserFacingError {
  return new UserFacingError(
    'invalid-argument',
    `None of these phases failed (${stateCountsLabel(left)}).`,
    'Refresh the view, then choose others.',
  );
}
