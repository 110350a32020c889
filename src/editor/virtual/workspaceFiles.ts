import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { VirtualFilesPort } from '../../node/reader/virtualFiles.ts';
import { isVirtualPath, uriOfPath } from './virtualPath.ts';

/** The files of virtual file systems, through the editor. */
export const workspaceFiles: VirtualFilesPort = {
  handles: isVirtualPath,
  async stamp(path) {
    try {
      const { mtime, size } = await vscode.workspace.fs.stat(uriOfPath(path));
      return `${mtime}:${size}`;
    } catch (error) {
      if (isMissing(error)) return null;
      throw unreadable(path, error);
    }
  },
  async read(path) {
    try {
      return await vscode.workspace.fs.readFile(uriOfPath(path));
    } catch (error) {
      throw unreadable(path, error);
    }
  },
};

function isMissing(error: unknown): boolean {
  return error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
}

function unreadable(path: string, error: unknown): UserFacingError {
  const reason = error instanceof Error ? error.message : String(error);
  return new UserFacingError(
    'unreadable',
    `${path} could not be read: ${reason}`,
    'Select another database.',
    {
      cause: error,
    },
  );
}
