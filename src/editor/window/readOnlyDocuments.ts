import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors.ts';
import { DisposableStore } from './disposableStore.ts';

/** VS Code's own viewer of rendered Markdown; it follows its document. */
const markdownEditor = 'vscode.markdown.preview.editor';

/** Where the text of a read-only document comes from. */
export interface DocumentSource {
  readonly scheme: string;
  /** The text behind an address; what it throws becomes the text, so that an open document says what is wrong. */
  readonly text: (uri: vscode.Uri, signal: AbortSignal) => Promise<string>;
  /** Fires when every open document may have to be read again. */
  readonly onDidChange: vscode.Event<unknown>;
}

/** Serves read-only documents that follow their source; one that nobody has open is not read. */
export function registerReadOnlyDocuments({ scheme, text, onDidChange }: DocumentSource): DisposableStore {
  const store = new DisposableStore();
  const changes = store.add(new vscode.EventEmitter<vscode.Uri>());
  store.add(
    onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === scheme) changes.fire(uri);
    }),
  );
  store.add(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changes.event,
      provideTextDocumentContent: async (uri, token) => {
        const abort = new AbortController();
        const cancelled = token.onCancellationRequested(() => abort.abort());
        try {
          return await text(uri, abort.signal);
        } catch (error) {
          if (error instanceof CancelledError) return null;
          return error instanceof Error ? error.message : String(error);
        } finally {
          cancelled.dispose();
        }
      },
    }),
  );
  return store;
}

/** Opens a read-only Markdown document, rendered, in a preview tab. */
export async function showReadOnlyDocument(uri: vscode.Uri, preserveFocus: boolean): Promise<void> {
  const options = { preview: true, preserveFocus };
  try {
    await vscode.commands.executeCommand('vscode.openWith', uri, markdownEditor, options);
  } catch {
    // The built-in Markdown extension can be disabled.
    await vscode.window.showTextDocument(uri, options);
  }
}
