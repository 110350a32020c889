import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { passwordOf } from '../../node/postgres/passwords.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { mcpProviderId } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/** What offering the server needs. */
export interface McpServerDeps {
  readonly selected: SelectedDatabase;
  /** The command line; absolute. */
  readonly cliPath: string;
  readonly version: string;
}

/** Offers the tools as an MCP server, on the selected database, so that nobody has to configure one. */
export function registerMcpServer({ selected, cliPath, version }: McpServerDeps): DisposableStore {
  const store = new DisposableStore();
  const changes = store.add(new vscode.EventEmitter<void>());
  let { path } = selected;
  store.add(
    selected.onDidChange(() => {
      if (selected.path === path) return;
      ({ path } = selected);
      changes.fire();
    }),
  );
  store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => changes.fire()));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => changes.fire()));
  store.add(
    vscode.lm.registerMcpServerDefinitionProvider(mcpProviderId, {
      onDidChangeMcpServerDefinitions: changes.event,
      // The server looks at what its folder names, which Restricted Mode forbids.
      provideMcpServerDefinitions: () =>
        vscode.workspace.isTrusted ? [definition(selected.path, cliPath, version)] : [],
      // Only now, so that no list of servers holds it.
      resolveMcpServerDefinition: withPassword,
    }),
  );
  return store;
}

/**
 * The password of a PostgreSQL database goes into the environment of the server alone, as libpq has it: that of the database
 * which the server is started with, for another may be selected by now, and no server gets the password of another.
 */
function withPassword(server: vscode.McpServerDefinition): vscode.McpServerDefinition {
  if (!(server instanceof vscode.McpStdioServerDefinition)) return server;
  const path = server.args[server.args.indexOf(databaseArgument) + 1];
  const password = path !== undefined && isPostgresPath(path) ? passwordOf(path) : null;
  if (password !== null) server.env = { ...server.env, PGPASSWORD: password };
  return server;
}

const databaseArgument = '--database';

/** Without a selection the server says how a human selects a database. */
function definition(
  path: string | undefined,
  cliPath: string,
  version: string,
): vscode.McpStdioServerDefinition {
  const isLocal = path !== undefined && !isVirtualPath(path);
  const [folder] = localFolders();
  const args = [
    cliPath,
    'mcp',
    ...(isLocal ? [databaseArgument, path] : []),
    ...(folder === undefined ? [] : ['--workspace', folder.uri.fsPath]),
  ];
  // The selection alone counts: what the environment of the editor names is not what a person chose.
  const env = { ELECTRON_RUN_AS_NODE: '1', DATABASE_URL: null };
  const server = new vscode.McpStdioServerDefinition('Autopack', process.execPath, args, env, version);
  if (folder !== undefined) server.cwd = folder.uri;
  return server;
}
