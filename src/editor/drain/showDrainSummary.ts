import { join } from 'node:path';
import * as vscode from 'vscode';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import { counted } from '../text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { folderOf } from '../workspace/workspaceFolders.ts';

/** Says what a drain came to, and offers what one wants next. */
export async function showDrainSummary(summary: DrainSummary, document: vscode.Uri): Promise<void> {
  const good = summary.failed === 0 && summary.stop.complete;
  const show = good ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const details = 'Show Details';
  const logs = 'Show Logs';
  const analyze = 'Analyze Telemetry';
  const buttons = [
    ...(summary.events > 0 ? [analyze] : []),
    details,
    ...(summary.processed > 0 && summary.sessionPath !== null ? [logs] : []),
  ];
  const chosen = await show(summarySentence(summary), ...buttons);
  if (chosen === analyze) await executeCommand('analyzeTelemetry');
  else if (chosen === details) await showReadOnlyDocument(document, false);
  else if (chosen === logs && summary.sessionPath !== null) await revealLogs(summary.sessionPath);
}

/** `10 phases drained in 12 s: 10 complete; 10 telemetry events. Analyze the telemetry.` */
export function summarySentence(summary: DrainSummary): string {
  const { processed, succeeded, failed, timedOut, events, stop, nextStep } = summary;
  if (processed === 0) return `${stop.message} ${nextStep}`;
  const took = formatDuration(summary.endedAt - summary.startedAt);
  const outcome = [
    succeeded > 0 ? `${succeeded} complete` : '',
    failed > 0 ? `${failed} failed` : '',
    timedOut > 0 ? `${timedOut} timed out` : '',
  ].filter((part) => part !== '');
  const result = `${counted(processed, 'phase')} drained in ${took}: ${outcome.join(', ')}; ${counted(events, 'telemetry event')}.`;
  return [result, ...(stop.complete ? [] : [stop.message]), nextStep].join(' ');
}

/** The logs lie beside the session file, in a folder of its name. */
async function revealLogs(sessionPath: string): Promise<void> {
  const folder = vscode.Uri.file(join(sessionPath.slice(0, -'.json'.length), 'logs'));
  const command = folderOf(folder.fsPath) === undefined ? 'revealFileInOS' : 'revealInExplorer';
  await vscode.commands.executeCommand(command, folder);
}
