import { basename } from 'node:path';
import * as vscode from 'vscode';
import { safeWindow } from '../text/safeWindow.ts';

/** Says that a proposal was applied, and offers to look at what changed. */
export async function tellApplied(path: string, kept: string): Promise<void> {
  const show = 'Show Changes';
  const words = `Applied to ${basename(path)}. The old coefficients: ${basename(kept)}.`;
  if ((await safeWindow.showInformationMessage(words, show)) !== show) return;
  const title = `${basename(path)}: before and after the proposal`;
  await vscode.commands.executeCommand('vscode.diff', vscode.Uri.file(kept), vscode.Uri.file(path), title);
}
