import * as vscode from 'vscode';
import { sourceChangeText, type SourceChange } from '../../core/identity/confirmedSources.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import {
  ConfirmedSourceFile,
  type LookedAtSources,
  type SourceComparison,
} from '../../node/identity/confirmedSourceFile.ts';
import { collectDatabaseSources } from '../../node/maintenance/collectDatabaseSources.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { guardFolder } from '../database/guardFolder.ts';
import type { Offers } from '../offers/offers.ts';
import { readSetting } from '../settings.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import { settingSources } from './settingSources.ts';

/** What confirming needs. */
export interface ConfirmSourcesDeps {
  readonly offers: Offers;
  readonly clock: ClockPort;
}

/**
 * Before a database (absolute path) is written: asks about every `.env` and setting whose database changed since a person
 * last confirmed it; returns whether to go on. What Enter does is safe: it shows what names a database.
 */
export async function confirmSources(path: string, { offers, clock }: ConfirmSourcesDeps): Promise<boolean> {
  const file = new ConfirmedSourceFile(guardFolder(path));
  const comparison = await compareSources(file);
  const { changes } = comparison;
  if (changes.length === 0) {
    await file.beginWith(comparison, clock.now());
    return true;
  }
  const offer = await offers.about(path);
  const [look, goOn] = [t`Show Database Sources`, t`Confirm and Continue`];
  const pressed = await offer.ask({
    severity: 'warning',
    message:
      changes.length === 1
        ? t`A database source changed since it was last confirmed.`
        : t`${counted(changes.length, 'source')} of a database changed since they were last confirmed.`,
    detail: changes.map(sourceChangeText),
    buttons: [look, goOn],
    harmless: [look],
  });
  if (pressed === look) await executeCommand('showIdentity');
  if (pressed !== goOn) return false;
  await file.confirm(comparison, clock.now());
  return true;
}

/** Asks a person to confirm the change that a finding reports, and records it. `path` is of the selected database. */
export async function confirmSource(
  path: string,
  message: string,
  { offers, clock }: ConfirmSourcesDeps,
): Promise<void> {
  const file = new ConfirmedSourceFile(guardFolder(path));
  const comparison = await compareSources(file);
  const changes = comparison.changes.filter((each) => sourceChangeText(each) === message);
  if (changes.length === 0) return;
  const offer = await offers.about(path);
  const confirm = t`Confirm`;
  const question = {
    severity: 'warning',
    message: t`Confirm the change?`,
    detail: [message, '', t`Until it changes again, writes to ${databaseName(path)} no longer ask about it.`],
    buttons: [confirm],
  } as const;
  if ((await offer.ask(question)) === confirm) await file.confirm({ ...comparison, changes }, clock.now());
}

/** A `.env` that was changed from here, by a person's click, is confirmed with that. `path` is of the selected database. */
export async function confirmOwnChange(
  path: string,
  dotenvFile: string,
  { clock }: Pick<ConfirmSourcesDeps, 'clock'>,
): Promise<void> {
  const file = new ConfirmedSourceFile(guardFolder(path));
  const comparison = await compareSources(file);
  const isOwn = ({ source }: SourceChange): boolean => source.place === dotenvFile;
  const changes = comparison.changes.filter(isOwn);
  if (changes.length > 0) await file.confirm({ ...comparison, changes }, clock.now());
}

async function compareSources(file: ConfirmedSourceFile): Promise<SourceComparison> {
  return file.compare(await sourcesOfWindow());
}

/** What is watched: the `.env` files of the folders, and settings. Nothing where nobody trusts them. */
async function sourcesOfWindow(): Promise<LookedAtSources> {
  const environment = { ...process.env, ...readSetting('drain.environment') };
  if (!vscode.workspace.isTrusted) return { sources: [], environment, seesSettings: false };
  const folders = localFolders().map(({ uri }) => uri.fsPath);
  const sources = await collectDatabaseSources({
    folders,
    environment,
    selection: null,
    ...settingSources(),
  });
  return { sources, environment, seesSettings: true };
}
