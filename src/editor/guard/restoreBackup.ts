import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ClockPort } from '../../core/ports.ts';
import { planRestoration, restoreDatabase } from '../../node/maintenance/restoreDatabase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import type { Offers } from '../offers/offers.ts';
import { guardFolder, guardOf } from './guardOf.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** What backing up and restoring need. */
export interface BackupDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly offers: Offers;
}

/** Puts a backup back into a database, after a question that says what is lost; both paths are absolute. */
export async function restoreBackup(path: string, backupPath: string, deps: BackupDeps): Promise<void> {
  const { reader, clock, selected, errors } = deps;
  const workspaceFolder = guardFolder(path);
  const offer = await deps.offers.about(path);
  const { question, fileId } = await planRestoration(reader, { path, backupPath, workspaceFolder });
  const button = 'Restore';
  const message = `Restore ${basename(path)} from a backup?`;
  const asked = { severity: 'warning', message, detail: [question], buttons: [button] } as const;
  if ((await offer.ask(asked)) !== button) return;
  const remember = (): Promise<unknown> => guardOf(path, deps).pin(path);
  const aside = await restoreDatabase({
    ...{ path, backupPath, workspaceFolder, fileId, remember },
    now: clock.now(),
  });
  await selected.readFacts();
  const kept = aside === null ? '' : ` What was there before is ${vscode.workspace.asRelativePath(aside)}.`;
  errors.watch(safeWindow.showInformationMessage(`Restored ${basename(path)}.${kept}`));
}
