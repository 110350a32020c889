import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';

/** Refuses what writes or executes in a workspace the user has not trusted, with `untrusted-workspace`. */
export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserFacingError(
    'untrusted-workspace',
    `${what} is not done in Restricted Mode: this workspace is not trusted.`,
    'Browsing and analyzing work; trust the workspace to write or execute.',
  );
}
