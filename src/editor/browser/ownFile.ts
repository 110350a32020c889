import * as vscode from 'vscode';

/** The content of a file that comes with the extension. */
export async function ownFile(
  extensionUri: vscode.Uri,
  ...names: readonly string[]
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, ...names));
  return new Uint8Array(bytes);
}
