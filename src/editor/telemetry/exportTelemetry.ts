import * as vscode from 'vscode';
import {
  conditionsOf,
  filterLine,
  noFilter,
  type TelemetryFilter,
} from '../../core/telemetry/page/telemetryFilter.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { databaseStem } from '../../core/db/databaseName.ts';
import { fileName } from '../../core/db/pathParts.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { TelemetryExportFormat } from '../../protocol/telemetryProtocol.ts';
import { nothingExported } from '../../reader/exportChunks.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { ExportFiles } from './telemetryParts.ts';
import { exportedWords, type ExportRequest } from './telemetryTexts.ts';

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
  readonly files: ExportFiles;
  /** This extension's, which an OpenTelemetry export names. */
  readonly version: string;
}

/**
 * Exports the telemetry of the database at `path`: asks what where a filter is on, and where to, writes with progress, and
 * offers to open it.
 */
export async function exportTelemetry(asked: ExportRequest, path: string, deps: ExportDeps): Promise<void> {
  const filter = await chooseExported(asked);
  if (filter === undefined) return;
  const request = { ...asked, filter };
  const target = await askTarget(request, path, deps.files);
  if (target === undefined) return;
  await deps.files.refuseDatabase(target, path);
  const words = await write(request, target, path, deps);
  if (words !== null) await offerToOpen(target, words);
}

async function askTarget(
  { format, filter }: ExportRequest,
  path: string,
  files: ExportFiles,
): Promise<vscode.Uri | undefined> {
  const { name, ending } = kinds[format];
  const part = conditionsOf(filter) > 0 ? '-filtered' : '';
  const file = `${databaseStem(path)}-telemetry${part}.${ending}`;
  return vscode.window.showSaveDialog({
    title: t`Export Telemetry as ${name}`,
    saveLabel: t`Export`,
    defaultUri: files.besideDatabase(path, file),
    filters: { [name]: [ending] },
  });
}

/** Resolves to what a person reads of it, or to `null` when they stopped it. */
async function write(
  request: ExportRequest,
  target: vscode.Uri,
  path: string,
  { reader, files, version }: ExportDeps,
): Promise<string | null> {
  const { format, options, filter } = request;
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: t`Exporting ${kinds[format].name}`,
    cancellable: true,
  };
  return safeWindow.withProgress(progress, async (_, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    const { signal } = cancelled;
    const exported = nothingExported();
    const wanted = { reader, database: path, format, options, filter, version, sha256: files.sha256 };
    try {
      // The dialog has asked whether a file that is there may be replaced.
      const note = await files.write(wanted, target, exported, signal);
      return exportedWords(request, fileName(target.path), exported, note === null ? null : fileName(note));
    } catch (error) {
      if (!signal.aborted) throw error;
      return null;
    }
  });
}

/** Tells of a written file, and opens it where the person wants. */
export async function offerToOpen(target: vscode.Uri, words: string): Promise<void> {
  const open = t`Open`;
  const choice = await safeWindow.showInformationMessage(words, open);
  if (choice === open) await vscode.commands.executeCommand('vscode.open', target);
}

/** Which samples are exported: where a filter is on, a person is asked; `undefined` when they choose nothing. */
async function chooseExported({ filter, shown }: ExportRequest): Promise<TelemetryFilter | undefined> {
  if (conditionsOf(filter) === 0) return noFilter;
  const picked = await safeWindow.showQuickPick(
    [
      { label: t`What is shown (${counted(shown.samples, 'sample')})`, detail: filterLine(filter), filter },
      {
        label: t`Everything (${counted(shown.of, 'sample')})`,
        detail: t`Without the filters`,
        filter: noFilter,
      },
    ],
    { title: t`Export Telemetry`, placeHolder: t`Filters are on. What do you want to export?` },
  );
  return picked?.filter;
}
