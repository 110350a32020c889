import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { eventFormat } from '../../core/telemetry/export/eventFormats.ts';
import type { TelemetryOptions } from '../../core/telemetry/telemetryAnalysis.ts';
import { renderTelemetryReport } from '../../core/telemetry/telemetryReport.ts';
import { sha256Hex } from '../../node/identity/sha256Hex.ts';
import { eventChunks } from '../../node/telemetry/eventChunks.ts';
import { writeExport } from '../../node/telemetry/writeExport.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { TelemetryExportFormat } from '../../protocol/telemetryProtocol.ts';

/** What the save dialog calls a format, and the ending of its files. */
const kinds: Readonly<Record<TelemetryExportFormat, { readonly name: string; readonly ending: string }>> = {
  md: { name: 'Markdown', ending: 'md' },
  html: { name: 'HTML', ending: 'html' },
  csv: { name: 'CSV', ending: 'csv' },
  ndjson: { name: 'NDJSON', ending: 'ndjson' },
  otlp: { name: 'OpenTelemetry (OTLP JSON)', ending: 'json' },
};

/** What an export needs. */
export interface ExportDeps {
  readonly reader: DatabaseReader;
  /** This extension's, which an OpenTelemetry export names. */
  readonly version: string;
}

/** Exports the telemetry of the database at `path`: asks where to, writes with progress, and offers to open it. */
export async function exportTelemetry(
  format: TelemetryExportFormat,
  options: TelemetryOptions,
  path: string,
  deps: ExportDeps,
): Promise<void> {
  const { name, ending } = kinds[format];
  const file = `${basename(path).replace(/\.\w+$/, '')}-telemetry.${ending}`;
  const target = await vscode.window.showSaveDialog({
    title: `Export Telemetry as ${name}`,
    saveLabel: 'Export',
    defaultUri: vscode.Uri.file(join(dirname(path), file)),
    filters: { [name]: [ending] },
  });
  if (target === undefined) return;
  refuseDatabase(target, path);
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: `Exporting ${name}`,
    cancellable: true,
  };
  const isWritten = await vscode.window.withProgress(progress, async (_, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    const { signal } = cancelled;
    const chunks =
      format === 'md' || format === 'html'
        ? reportChunks(format, options, path, deps, signal)
        : eventChunks(
            { reader: deps.reader, path, format: eventFormat(format, sha256Hex, deps.version) },
            signal,
          );
    try {
      // The dialog has asked whether a file that is there may be replaced.
      await writeExport({ path: target.fsPath, overwrite: true }, chunks, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  });
  if (isWritten) await offerToOpen(target);
}

function refuseDatabase(target: vscode.Uri, path: string): void {
  if (target.scheme === 'file' && target.fsPath !== path) return;
  throw new UserFacingError(
    'invalid-argument',
    'The export cannot be written there.',
    'Name a new file in a folder of the machine the extension runs on.',
  );
}

async function* reportChunks(
  format: 'md' | 'html',
  options: TelemetryOptions,
  path: string,
  { reader }: ExportDeps,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  if (format === 'html') yield (await reader.ask(path, 'telemetryHtml', options, signal)).value;
  else yield renderTelemetryReport((await reader.ask(path, 'telemetry', options, signal)).value);
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const open = 'Open';
  const choice = await vscode.window.showInformationMessage(`Exported to ${basename(target.fsPath)}.`, open);
  if (choice === open) await vscode.commands.executeCommand('vscode.open', target);
}
