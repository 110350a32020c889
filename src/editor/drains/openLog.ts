import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { LogsTarget } from '../ids.ts';

/** Opens a log; `best` is what the phase complained about, or what it said where it did not complain. */
export async function openLog(
  { stdoutPath, stderrPath }: LogsTarget,
  which: 'best' | 'output' | 'errors',
): Promise<void> {
  const complained = which === 'errors' || (which === 'best' && ((await sizeOf(stderrPath)) ?? 0) > 0);
  const path = complained ? stderrPath : stdoutPath;
  if (path === null) {
    throw new UserFacingError('not-found', 'The session names no such log.', 'Open the other one.');
  }
  if ((await sizeOf(path)) === null) {
    throw new UserFacingError(
      'not-found',
      `The log ${path} is not there any more.`,
      'The session file keeps the end of the output: reveal it.',
    );
  }
  // The focus stays in the tree, so that the arrow keys go on to the next phase.
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true, preserveFocus: true });
}

/** In bytes; `null` where there is no such file. */
async function sizeOf(path: string | null): Promise<number | null> {
  if (path === null) return null;
  return stat(path).then(
    // A session that somebody else wrote may name a device: the editor would read it for ever.
    (stats) => (stats.isFile() ? stats.size : null),
    () => null,
  );
}
