import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { folderOf, localFolders } from '../workspace/workspaceFolders.ts';

/** Asks into which folder a proposal is written, beginning in the workspace; absolute, `undefined` for none. */
export async function folderForProposal(database: string): Promise<string | undefined> {
  const start = (folderOf(database) ?? localFolders()[0])?.uri.fsPath ?? dirname(database);
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Write the Proposal',
      openLabel: 'Write Here',
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(start),
    })) ?? [];
  if (folder === undefined || folder.scheme === 'file') return folder?.fsPath;
  throw new UserFacingError(
    'invalid-argument',
    'The proposal cannot be written there.',
    'Choose a folder of the machine the extension runs on.',
  );
}
