import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../../package.json' with { type: 'json' };
import type { TestAccess } from '../../../src/extension.ts';

/** The extension in its host, activated. */
export async function extensionUnderTest(): Promise<TestAccess> {
  const extension = vscode.extensions.getExtension<TestAccess>(`${manifest.publisher}.${manifest.name}`);
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** Absolute path of a file in the workspace of the test run. */
export function inWorkspace(...names: readonly string[]): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, ...names).fsPath;
}
