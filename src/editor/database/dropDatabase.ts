import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';

const uriList = 'text/uri-list';

/** Selects a database that is dropped on a view, as the entry in the Explorer's menu does. */
export function dropDatabase<T>(errors: ErrorReporter): vscode.TreeDragAndDropController<T> {
  return {
    dropMimeTypes: [uriList],
    dragMimeTypes: [],
    async handleDrop(_target, transfer, token) {
      try {
        const text = (await transfer.get(uriList)?.asString()) ?? '';
        if (!token.isCancellationRequested) await executeCommand('selectFile', droppedFile(text));
      } catch (error) {
        errors.report(error);
      }
    },
  };
}

/** The file of a list of addresses. Fails with `invalid-argument` where it is not one. */
function droppedFile(text: string): vscode.Uri {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [only, ...others] = lines;
  if (only === undefined || others.length > 0) {
    throw new UserFacingError(
      'invalid-argument',
      t`Drop one database file.`,
      t`Or use "Autopack: Select Database".`,
    );
  }
  const uri = vscode.Uri.parse(only, true);
  // A text is not translated on its way to where the extension runs, which is where the file is.
  return uri.scheme === 'vscode-remote' ? vscode.Uri.file(uri.path) : uri;
}
