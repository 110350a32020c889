import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';

/** At least two letters, for one alone is a drive of Windows. */
const scheme = /^[a-z][a-z\d+.-]+:/i;

/** Whether a path names a file that this machine's file system does not hold: then it is its address as text. */
export function isVirtualPath(path: string): boolean {
  return scheme.test(path);
}

/** How a file is named everywhere else: by its absolute path, or by its address where it has none on this machine. */
export function pathOfUri(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
}

/** The inverse of {@link pathOfUri}. */
export function uriOfPath(path: string): vscode.Uri {
  return isVirtualPath(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path);
}

/** Refuses what cannot be done without SQLite's locks, with `no-permission`. `what` begins a sentence. */
export function requireLocalFile(path: string, what: string): void {
  if (!isVirtualPath(path)) return;
  throw new UserFacingError(
    'no-permission',
    `${what} needs a file of this machine, which ${path} is not: there it can only be read.`,
    'Open the folder where the database really is, and try again there.',
  );
}
