import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { type Operation, operationNames } from '../../core/guard/operation.ts';
import type { WriteConsent } from '../../core/guard/requireWritable.ts';
import { differencesText } from '../../core/guard/verifyPin.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import type { Inspection } from '../../node/guard/databaseGuard.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { requireLocalFile } from '../virtual/virtualPath.ts';
import { guardOf } from './guardOf.ts';

/** What letting a write go ahead needs. */
export interface AuthoriseDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly log: LoggerPort;
  /** Offers to give the database an identity; tells whether it has one now. */
  readonly offerAdoption: (path: string) => Promise<boolean>;
}

/**
 * Lets an operation go ahead on a database, asking what only a person can answer: which of two files is the real one,
 * and whether one without an identity is to get it. `undefined` when they say no; throws what the guard throws else.
 */
export async function authoriseWrite(
  path: string,
  operation: Operation,
  deps: AuthoriseDeps,
  consent: WriteConsent = {},
): Promise<WriteExpectation | undefined> {
  requireLocalFile(path, operationNames[operation]);
  const guard = guardOf(path, deps);
  try {
    return await guard.authorise(path, operation, consent);
  } catch (error) {
    const code = error instanceof UserFacingError ? error.code : undefined;
    if (code === 'not-adopted') {
      return (await deps.offerAdoption(path)) ? authoriseWrite(path, operation, deps, consent) : undefined;
    }
    if (code !== 'which-file') throw error;
    const inspection = await guard.inspect(path);
    if (!(await isTheRealOne(operation, inspection))) return undefined;
    return guard.authorise(path, operation, { ...consent, realFileId: inspection.mark.fileId });
  }
}

async function isTheRealOne(operation: Operation, { mark, verdict }: Inspection): Promise<boolean> {
  const yes = 'This Is the Real One';
  const question = `${basename(mark.path)} is a copy or a restored file. Is it the one you mean?`;
  const detail = [
    `${operationNames[operation]} would change it. What differs from what this folder remembers: ${differencesText(verdict.differences)}.`,
    '',
    `Database: ${mark.path}`,
  ].join('\n');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
