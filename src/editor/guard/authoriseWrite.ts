import { basename } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { type Operation, operationNames } from '../../core/guard/operation.ts';
import type { WriteConsent } from '../../core/guard/requireWritable.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { Offers } from '../offers/offers.ts';
import { requireLocalFile } from '../virtual/virtualPath.ts';
import { askWhichFile, whichFileText, type WhichFileDeps } from './askWhichFile.ts';
import { guardOf } from './guardOf.ts';

/** What letting a write go ahead needs. */
export interface AuthoriseDeps extends WhichFileDeps {
  readonly offers: Offers;
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
    const offer = await deps.offers.about(path);
    const inspection = await guard.inspect(path);
    const original = await guard.originalOf(inspection);
    const name = basename(path);
    const question = {
      message:
        original === null
          ? `${name} is a copy or a restored file.`
          : `${name} is a copy of ${basename(original)}.`,
      detail: `${operationNames[operation]} would change this file.\n${whichFileText(inspection, original)}`,
      goOn: 'Trust This File',
    };
    if (!(await askWhichFile(offer, original, question, deps))) return undefined;
    return guard.authorise(path, operation, { ...consent, realFileId: inspection.mark.fileId });
  }
}
