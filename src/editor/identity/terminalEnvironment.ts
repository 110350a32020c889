import { delimiter } from 'node:path';
import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { databaseVariables, otherSpellings } from '../../core/identity/databaseSource.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { settingsSection } from '../settingNames.ts';
import { readSetting } from '../settings.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { terminalPrompt } from './terminalPrompt.ts';

/** What new terminals are given, as a source that names a database. */
export function terminalSources(
  environment: vscode.EnvironmentVariableCollection,
): { readonly origin: { readonly kind: 'terminals' }; readonly given: string }[] {
  const given = environment.get('DATABASE_URL')?.value;
  return given === undefined ? [] : [{ origin: { kind: 'terminals' }, given }];
}

/** What keeping the terminals right needs. */
export interface TerminalEnvironmentDeps {
  readonly selected: SelectedDatabase;
  readonly environment: vscode.GlobalEnvironmentVariableCollection;
  /** Where what shells read lies; absolute. */
  readonly shellFolder: string;
}

/**
 * Gives new terminals the selected database, its role in their prompts and what Autopack's scripts need, where the
 * workspace asks for it.
 * The variables go when the selection or the wish goes; a reload does not bring old ones back.
 */
export function registerTerminalEnvironment({
  selected,
  environment,
  shellFolder,
}: TerminalEnvironmentDeps): DisposableStore {
  const store = new DisposableStore();
  environment.persistent = false;
  const apply = (): void => {
    environment.clear();
    const { state } = selected;
    if (
      state.kind !== 'ready' ||
      !vscode.workspace.isTrusted ||
      !readSetting('terminals.useSelectedDatabase')
    )
      return;
    environment.description = t`Autopack database: \`${databaseName(state.path)}\` (${roleInWords(state.facts)})`;
    // Of a file the real one. Of a server's database with what the person asked of the connection, as sslmode.
    const url = formatDatabaseUrl(isPostgresPath(state.path) ? state.path : state.facts.path);
    const names = { ...databaseVariables(url), ...otherSpellings(url, process.env) };
    for (const [name, value] of Object.entries(names)) environment.replace(name, value);
    // Not prepended: a separator with nothing behind it would add the current folder.
    environment.replace(
      'PYTHONPATH',
      ['src', process.env.PYTHONPATH ?? ''].filter((part) => part !== '').join(delimiter),
    );
    const { prefix, variables } = terminalPrompt(state.facts, shellFolder, process.env);
    for (const [name, value] of Object.entries(variables)) environment.replace(name, value);
    environment.prepend('PS1', prefix, { applyAtShellIntegration: true, applyAtProcessCreation: false });
    environment.replace('PYTHONUTF8', '1');
    environment.replace('TELEMETRY_DB_ENABLED', '1');
  };
  store.add(selected.onDidChange(apply));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(apply));
  store.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${settingsSection}.terminals`)) apply();
    }),
  );
  store.add({ dispose: () => environment.clear() });
  apply();
  return store;
}
