import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import { folderOf } from '../workspace/workspaceFolders.ts';
import type { Offers } from '../offers/offers.ts';
import { summarySentence } from './summarySentence.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** Where a drain took place; the paths are absolute. */
export interface DrainSummaryPlace {
  readonly path: string;
  readonly report: string | undefined;
  readonly offers: Offers;
}

/** Says what a drain came to, and offers what one wants next. */
export async function showDrainSummary(
  summary: DrainSummary,
  { path, report, offers }: DrainSummaryPlace,
): Promise<void> {
  const good = summary.succeeded === summary.processed && summary.stop.complete;
  const show = good ? safeWindow.showInformationMessage : safeWindow.showWarningMessage;
  const details = 'Show Details';
  const logs = 'Show Logs';
  const analyze = 'Analyze Telemetry';
  const buttons = [
    ...(summary.events > 0 ? [analyze] : []),
    ...(report === undefined ? [] : [details, logs]),
  ];
  const chosen = await show(summarySentence(summary), ...buttons);
  if (chosen === analyze) {
    await offers.requireSelected(path, analyze);
    await executeCommand('analyzeTelemetry');
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
