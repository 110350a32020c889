import * as vscode from 'vscode';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import type { DatabaseSources } from '../database/namedDatabase.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { pathOfUri } from '../database/virtualPaths.ts';
import { commandIds, customEditorIds } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';

/** What looking into a file needs. */
export interface DatabaseFileDeps {
  readonly reader: DatabaseReader;
  readonly sources: Pick<DatabaseSources, 'look'>;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** Open in Autopack: what a SQLite file is, and the way to select it, in an editor that is never the usual one. */
export function registerDatabaseFile(deps: DatabaseFileDeps): DisposableStore {
  const { errors } = deps;
  const store = new DisposableStore();
  store.add(
    vscode.window.registerCustomEditorProvider(customEditorIds.database, new DatabaseFileEditor(deps), {
      supportsMultipleEditorsPerDocument: true,
    }),
  );
  store.add(
    registerCommand('openInAutopack', errors, async (file) => {
      const uri = file instanceof vscode.Uri ? file : activeFile();
      if (uri === undefined) {
        throw new UserFacingError('invalid-argument', t`No file was given.`, t`Choose one in the Explorer.`);
      }
      await vscode.commands.executeCommand('vscode.openWith', uri, customEditorIds.database);
    }),
  );
  return store;
}

function activeFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
    ? input.uri
    : undefined;
}

/** Shows a file by the reader's worker, and again when it is looked at anew or another database was selected. */
class DatabaseFileEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #deps: DatabaseFileDeps;

  constructor(deps: DatabaseFileDeps) {
    this.#deps = deps;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const store = new DisposableStore();
    const closed = new AbortController();
    panel.webview.options = { enableCommandUris: [commandIds.selectFile], localResourceRoots: [] };
    const show = async (): Promise<void> => {
      const html = await this.#page(uri, closed.signal);
      if (html !== undefined && !closed.signal.aborted) panel.webview.html = html;
    };
    store.add(
      panel.onDidDispose(() => {
        closed.abort();
        store.dispose();
      }),
    );
    store.add(panel.onDidChangeViewState(() => void (panel.visible && show())));
    store.add(this.#deps.selected.onDidChange(() => void (panel.visible && show())));
    await show();
  }

  /** `undefined` where nobody waits for it any more. */
  async #page(uri: vscode.Uri, signal: AbortSignal): Promise<string | undefined> {
    const path = pathOfUri(uri);
    const { reader, selected } = this.#deps;
    const { databaseFilePage, unreadableFilePage } = await import('./databaseFilePage.ts');
    try {
      const { value: facts } = await reader.request(path, 'identity', null, signal);
      const hasRuns = !facts.warnings.some(({ code }) => code === 'not-autopack' || code === 'empty');
      const runs = hasRuns ? (await reader.request(path, 'listRuns', null, signal)).value : [];
      // By its path: an address from a page is taken for one of the machine that shows it.
      const link = `command:${commandIds.selectFile}?${encodeURIComponent(JSON.stringify([path]))}`;
      const { identityCautions } = await import('../database/databaseCandidate.ts');
      const look = await this.#deps.sources.look(path, signal);
      const caution = identityCautions([{ path, namedBy: [], look }]).get(path) ?? null;
      return databaseFilePage({ facts, runs, isSelected: selected.path === path, caution }, link);
    } catch (error) {
      if (error instanceof CancelledError) return undefined;
      const nextStep = error instanceof UserFacingError ? error.nextStep : t`The log has the details.`;
      return unreadableFilePage(path, error instanceof Error ? error.message : String(error), nextStep);
    }
  }
}
