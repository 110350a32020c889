import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { storedSummary } from '../../core/drain/restoreSession.ts';
import { t } from '../../core/text/l10n.ts';
import type { FollowEnd } from '../../node/drain/drainClient.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import type { Offers } from '../offers/offers.ts';
import { showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { folderOf } from '../window/workspaceFolders.ts';
import type { DrainRunner } from './drainRunner.ts';
import { readStoredDrain, type DrainPlace, type FollowedDrainStore } from './followedDrainStore.ts';
import { summarySentence } from './sessionTexts.ts';
import { writeDrainReport } from './writeDrainReport.ts';

/** What telling the end of a drain needs. */
export interface FinishDrainDeps {
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly offers: Offers;
}

/**
 * Shows the outcome of a drain, whoever started it: report and summary, failure, or unexpected end. For a step of a larger
 * command (`isStep`), only the report is written: the command itself shows the overall outcome.
 */
export async function finishDrain(
  { selected, errors, offers }: FinishDrainDeps,
  place: DrainPlace,
  end: FollowEnd,
  isStep = false,
): Promise<void> {
  try {
    switch (end.kind) {
      case 'stopped': {
        const report = await writeDrainReport(end.summary, place.databasePath);
        if (selected.path !== undefined) await selected.refresh();
        if (isStep && end.summary.succeeded > 0) return;
        // Not awaited: the message may stand for as long as it likes, and the drain has ended.
        errors.watch(showDrainSummary(end.summary, { report, place, offers }));
        return;
      }
      case 'failed':
        errors.report(end.error);
        return;
      case 'lost':
        if (selected.path !== undefined) await selected.refresh();
        errors.watch(offerResume(place, offers));
        return;
      case 'let-go':
    }
  } catch (error) {
    errors.report(error);
  }
}

async function offerResume(
  { databasePath, workspaceFolder, sessionId }: DrainPlace,
  offers: Offers,
): Promise<void> {
  const what = t`The drain of ${databaseName(databasePath)} ended unexpectedly.`;
  if (sessionId === null) {
    await safeWindow.showErrorMessage(`${what} ${t`No phase had begun: drain again.`}`);
    return;
  }
  const offer = await offers.about(databasePath);
  if (!offer.isSelected) {
    const next = t`Select that database, then resume the drain in the Drains view.`;
    await safeWindow.showErrorMessage(`${what} ${next}`);
    return;
  }
  const resume = t`Resume Drain`;
  const message = `${what} ${t`Resume it to continue; its last phase is checked first.`}`;
  const chosen = await offer.ask({ severity: 'error', message, buttons: [resume] });
  if (chosen === resume) await executeCommand('resumeDrain', { folder: workspaceFolder, sessionId });
}

/** Where a drain took place; the path is absolute. */
export interface DrainSummaryPlace {
  readonly place: DrainPlace;
  readonly report: string | undefined;
  readonly offers: Offers;
}

/** Says what a drain came to, and offers what one wants next. */
async function showDrainSummary(
  summary: DrainSummary,
  { place, report, offers }: DrainSummaryPlace,
): Promise<void> {
  const good = summary.succeeded === summary.processed && summary.stop.complete;
  const show = good ? safeWindow.showInformationMessage : safeWindow.showWarningMessage;
  const details = t`Show Details`;
  const logs = t`Show Logs`;
  const analyze = t`Analyze Telemetry`;
  const resume = t`Resume Drain`;
  const { databasePath, workspaceFolder: folder } = place;
  const { sessionId } = summary;
  const buttons = [
    ...(!summary.stop.complete && sessionId !== null ? [resume] : []),
    ...(summary.events > 0 ? [analyze] : []),
    ...(report === undefined ? [] : [details, logs]),
  ];
  const chosen = await show(summarySentence(summary), ...buttons);
  if (chosen === analyze) {
    await offers.requireSelected(databasePath, analyze);
    await executeCommand('analyzeTelemetry');
  }
  if (chosen === resume && sessionId !== null) {
    await offers.requireSelected(databasePath, resume);
    await executeCommand('resumeDrain', { folder, sessionId });
  }
  if (report === undefined) return;
  if (chosen === details) await showReadOnlyDocument(vscode.Uri.file(report), false);
  if (chosen === logs) await revealFolder(join(dirname(report), 'logs'));
}

/** `path` is absolute. */
async function revealFolder(path: string): Promise<void> {
  const command = folderOf(path) === undefined ? 'revealFileInOS' : 'revealInExplorer';
  await vscode.commands.executeCommand(command, vscode.Uri.file(path));
}

/** What telling of missed drains needs. */
export interface MissedDrainsDeps {
  readonly store: FollowedDrainStore;
  readonly runner: Pick<DrainRunner, 'lives'>;
  readonly finish: (place: DrainPlace, end: FollowEnd) => Promise<void>;
}

/** Notifies about drains that ended while their window was closed. Call it once the running drains are known. */
export async function notifyMissedDrains({ store, runner, finish }: MissedDrainsDeps): Promise<void> {
  for (const place of store.all) {
    const { databasePath, workspaceFolder: folder, sessionId } = place;
    if (runner.lives.some((live) => live.databasePath === databasePath)) continue;
    const stored = await readStoredDrain({ folder, sessionId }).catch(() => null);
    // It cannot be followed, and goes on.
    if (stored?.isRunning === true) continue;
    store.forget(databasePath);
    if (stored === null) continue;
    const summary = storedSummary(stored);
    await finish(place, summary === null ? { kind: 'lost' } : { kind: 'stopped', summary });
  }
}
