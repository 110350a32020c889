import * as vscode from 'vscode';
import { postgresTitle } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { passwordOf, rememberPassword } from '../../node/postgres/passwords.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { viewIds } from '../ids.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow, showWhileSlow } from '../window/safeWindow.ts';
import type { PostgresPasswords } from './postgresPasswords.ts';
import { askAfterFailure, askPassword, askUrl, type AskedDatabase } from './postgresQuestions.ts';
import { maskPassword } from './postgresUrlText.ts';
import { connectedDetail, type ConnectedDatabase } from './postgresServerText.ts';
import type { SelectedDatabase } from './selectedDatabase.ts';

/** What connecting needs. */
export interface ConnectDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly passwords: PostgresPasswords;
  readonly errors: ErrorReporter;
}

/** **Connect to PostgreSQL…** and **Forget PostgreSQL Password…**. */
export function connectPostgresCommands(
  deps: ConnectDeps,
): CommandHandlers<'connectPostgres' | 'forgetPostgresPassword'> {
  return { connectPostgres: (url) => connect(deps, url), forgetPostgresPassword: () => forgetPassword(deps) };
}

/** Asks until a connection stands or the person leaves it, shows what was found, and selects it when they say so. */
async function connect(deps: ConnectDeps, url: unknown): Promise<void> {
  const { passwords, selected } = deps;
  let asked = await askUrl(typeof url === 'string' ? maskPassword(url, null) : null);
  let isRefused = false;
  while (asked !== undefined) {
    const known = isRefused ? undefined : await knownPassword(asked, passwords);
    const given = known ?? (await askPassword(asked.location, isRefused));
    if (given === undefined) return;
    const facts = await tryToConnect(asked, given === '' ? null : given, deps);
    if (facts instanceof UserFacingError) {
      const next = await askAfterFailure(facts);
      if (next === undefined) return;
      isRefused = next === 'password';
      // What was entered is tried again as it is.
      asked = next === 'url' ? await askUrl(asked) : { ...asked, password: given };
      continue;
    }
    if (!(await agreeToSelect(facts))) return;
    await passwords.keep(asked.location.path, given === '' ? null : given);
    await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
    await selected.select(asked.location.path);
    return;
  }
}

/** The password in the URL, or one that is stored; `undefined` where a person has to be asked. */
async function knownPassword(
  { location, password }: AskedDatabase,
  passwords: PostgresPasswords,
): Promise<string | undefined> {
  return password ?? (await passwords.stored(location.path));
}

/** What is known of the database once it was read, or why it cannot be reached. Throws what is no person's matter. */
async function tryToConnect(
  { location: { path } }: AskedDatabase,
  password: string | null,
  { reader, errors, passwords }: ConnectDeps,
): Promise<ConnectedDatabase | UserFacingError> {
  await passwords.give(path);
  const before = passwordOf(path);
  const cancelled = new AbortController();
  try {
    passwords.use(path, password);
    const looking = lookIntoConnected(reader, path, cancelled.signal);
    return await showWhileSlow(t`Connecting to ${postgresTitle(path)}`, looking, cancelled);
  } catch (error) {
    rememberPassword(path, before);
    if (!(error instanceof UserFacingError)) throw error;
    if (error instanceof CancelledError) throw error;
    errors.note(error);
    return error;
  }
}

/** By questions that are quick however large it is. */
async function lookIntoConnected(
  reader: DatabaseReader,
  path: string,
  signal: AbortSignal,
): Promise<ConnectedDatabase> {
  const { value: file } = await reader.request(path, 'databaseFile', null, signal);
  const { value: role } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
  const { value: runs } = await reader.request(path, 'listRuns', null, signal);
  const phases = runs.reduce((sum, { phaseCount }) => sum + phaseCount, 0);
  const { isAutopack } = role;
  return { path: file.path, server: file.server, isAutopack, role, runs: runs.length, phases };
}

async function agreeToSelect(facts: ConnectedDatabase): Promise<boolean> {
  const select = t`Select Database`;
  const pressed = await safeWindow.showInformationMessage(
    t`Connected to ${postgresTitle(facts.path)}. Select it?`,
    { modal: true, detail: connectedDetail(facts).join('\n') },
    select,
  );
  return pressed === select;
}

async function forgetPassword({ passwords, errors }: ConnectDeps): Promise<void> {
  const databases = await passwords.databases();
  if (databases.length === 0) {
    await safeWindow.showInformationMessage(t`No password of a PostgreSQL database is stored.`);
    return;
  }
  const picked = await safeWindow.showQuickPick(
    databases.map((path) => ({ label: postgresTitle(path), description: path, path })),
    { title: t`Forget PostgreSQL Password`, placeHolder: t`Which password should be removed?` },
  );
  if (picked === undefined) return;
  await passwords.forget(picked.path);
  errors.watch(
    safeWindow.showInformationMessage(t`Password of ${picked.label} removed from VS Code's secret storage.`),
  );
}
