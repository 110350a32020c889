import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatBytes } from '../../core/text/quantities.ts';
import type { VirtualFilesPort } from '../../reader/virtualFiles.ts';
import { uriOfPath, workspaceFiles } from '../database/virtualPaths.ts';
import { elsewhere } from './refusedInBrowser.ts';

/** Each of two workers and the window may hold all of it. */
const mostBytes = 256 * 1024 * 1024;

/** Every file that the editor knows, read whole: a browser has no files of its own. */
export const browserFiles: VirtualFilesPort = {
  ...workspaceFiles,
  handles: () => true,
  async read(path) {
    const size = await sizeOf(path);
    if (size <= mostBytes) return workspaceFiles.read(path);
    throw new UserFacingError(
      'unsupported',
      t`${path} has ${formatBytes(size)}, which is more than a browser can take in: at most ${formatBytes(mostBytes)}.`,
      elsewhere(),
    );
  },
};

/** In bytes; 0 where it is unknown. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uriOfPath(path))).size;
  } catch {
    return 0;
  }
}
