import type * as vscode from 'vscode';

// One script for the extension and for its workers: they share much of it, and it is fetched once. Only an extension host
// gives a script `require`.
if (typeof require === 'undefined') {
  import('./web/readerWorker.ts').catch((error: unknown) => {
    // The window hears of what a worker does not catch.
    queueMicrotask(() => {
      throw error;
    });
  });
}

/** The entry of the web build. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const extension = await import('./webExtension.ts');
  extension.activate(context);
}
