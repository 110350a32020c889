import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';
import { withDatabaseUrl, withoutVariable } from '../../core/identity/dotenvFile.ts';
import type { SourceDrift } from '../../core/identity/drift.ts';
import { fixText, type Fix } from '../../core/identity/fix.ts';
import { t } from '../../core/text/l10n.ts';
import { askWithCanary } from '../../node/identity/askApiServer.ts';
import { resolveDatabaseLocation } from '../../node/identity/databaseUrlSources.ts';
import { readIfThere } from '../../node/system/regularFile.ts';
import { replaceFile } from '../../node/system/replaceFile.ts';
import { configuredUrl, type ApiKeys } from '../apiServers/apiKeys.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { confirmOwnChange } from './confirmSources.ts';
import { fixLabel } from './findingFixes.ts';

/** In bytes. */
const longestDotenv = 1 << 20;

/** What mending needs. */
export interface FixDeps extends AuthoriseDeps {
  readonly selected: SelectedDatabase;
  readonly writer: DatabaseWriterPort;
  readonly apiKeys: ApiKeys;
}

/** Lets a person choose how a source is made to agree with the selection, and does it. */
export async function fixSource({ message, fixes }: SourceDrift, deps: FixDeps): Promise<void> {
  const [only] = fixes;
  // Which asks itself, and changes nothing about the database.
  if (only?.kind === 'set-api-key') return carryOut(only, deps);
  const offer = await deps.offers.aboutSelected();
  const picked = await safeWindow.showQuickPick(
    fixes.map((fix) => ({ label: fixLabel(fix), fix })),
    { title: t`Fix`, placeHolder: message },
  );
  if (picked === undefined) return;
  // What a source is made to agree with is the database that was selected when this was offered.
  await offer?.requireCurrent(picked.label);
  await carryOut(picked.fix, deps);
}

async function carryOut(fix: Fix, deps: FixDeps): Promise<void> {
  switch (fix.kind) {
    case 'select':
      await deps.selected.select(fix.path);
      return;
    case 'write-dotenv':
      return changeDotenv(fix.file, deps, (text) => withRightUrl(text, fix.databaseUrl, fix.file));
    case 'comment-out':
      return changeDotenv(fix.file, deps, (text) => withoutVariable(text, fix.variable));
    case 'unset':
      await safeWindow.showInformationMessage(fixText(fix));
      return;
    case 'open-setting':
      await vscode.commands.executeCommand('workbench.action.openSettings', `@id:${fix.name}`);
      return;
    case 'new-terminal':
      vscode.window.createTerminal().show();
      return;
    case 'restart-with':
    case 'restart-server':
      return copyUrl(fix.databaseUrl, fixText(fix));
    case 'restore-backup':
      await executeCommand('restoreBackup');
      return;
    case 'select-another':
      await executeCommand('selectDatabase');
      return;
    case 'set-api-key':
      await executeCommand('setApiKey', { url: fix.url });
      return;
    case 'ask-with-canary':
      return askCanary(fix.url, deps);
  }
}

async function changeDotenv(file: string, deps: FixDeps, change: (text: string) => string): Promise<void> {
  requireTrust(t`Writing a .env file`);
  const before = (await readIfThere(file, longestDotenv)) ?? '';
  const after = change(before);
  if (after !== before) await replaceFile(file, after, { mode: 'kept' });
  const { path } = deps.selected;
  if (path !== undefined) await confirmOwnChange(path, file, deps);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
}

/** A line that leads to the file already, under whatever name, is not touched. */
function withRightUrl(text: string, databaseUrl: string, file: string): string {
  const isRight = (url: string): boolean =>
    leadsTo(url, dirname(file)) === leadsTo(databaseUrl, dirname(file));
  return withDatabaseUrl(text, databaseUrl, { environment: process.env, isRight });
}

/** Where a URL really leads; itself where it leads nowhere. */
function leadsTo(url: string, folder: string): string {
  try {
    const path = resolveDatabaseLocation(url, folder);
    return isPostgresPath(path) ? plainPostgresPath(path) : realpathSync(path);
  } catch {
    return url;
  }
}

/** Tells for certain which database a server has; the run it takes is put in and taken out again with consent. */
async function askCanary(address: string, deps: FixDeps): Promise<void> {
  requireTrust(t`Asking with a canary run`);
  const url = configuredUrl(address);
  const databasePath = deps.selected.requirePath();
  const expected = await authoriseWrite(databasePath, 'canary', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(databasePath);
  const button = t`Ask`;
  const pressed = await offer.ask({
    severity: 'information',
    message: t`Ask ${address} with a canary run?`,
    detail: [
      t`Adds a run without phases to the selected database, asks the server for it, and deletes it again.`,
    ],
    buttons: [button],
    write: { operation: 'canary', rows: 1 },
  });
  if (pressed !== button) return;
  const { verdict, evidence } = await askWithCanary(
    { url, databasePath, apiKey: await deps.apiKeys.keyFor(url) },
    { ...deps, expected, workspaceFolder: guardFolder(databasePath) },
  );
  const show = verdict === 'same' ? safeWindow.showInformationMessage : safeWindow.showWarningMessage;
  await show(`${address}: ${verdictWords()[verdict]}. ${evidence}`);
}

const verdictWords = (): Readonly<Record<'same' | 'different' | 'unknown', string>> => ({
  same: t`the same database`,
  different: t`different database`,
  unknown: t`unknown database`,
});

/** Only a person can restart another program: they get what to start it with. */
async function copyUrl(databaseUrl: string, instruction: string): Promise<void> {
  const copy = t`Copy DATABASE_URL`;
  const pressed = await safeWindow.showInformationMessage(instruction, copy);
  if (pressed === copy) await vscode.env.clipboard.writeText(`DATABASE_URL=${databaseUrl}`);
}
