import { triggersText } from '../../core/db/checkedWrites.ts';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { DatabaseFingerprint, WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { operationNames, writtenTables, type Operation } from '../../core/identity/operation.ts';
import type { WriteConsent } from '../../core/identity/requireWritable.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { guardOf } from '../database/guardOf.ts';
import { requireLocalFile, requireWritableServer } from '../database/virtualPaths.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import type { Offer, Offers } from '../offers/offers.ts';
import {
  askWhichFile,
  databaseNoun,
  trustTitle,
  whichFileMessage,
  whichFileText,
  type WhichFileDeps,
} from './askWhichFile.ts';

/** What a command that writes a database needs of the window. */
export interface WriteDeps extends WhichFileDeps {
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly errors: ErrorReporter;
  readonly offers: Offers;
  readonly confirmSources: AuthoriseDeps['confirmSources'];
}

/** What letting a write go ahead needs. */
export interface AuthoriseDeps extends WhichFileDeps {
  readonly offers: Offers;
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly log: LoggerPort;
  /** Offers to give the database an identity; returns whether it has one now. */
  readonly offerAdoption: (path: string) => Promise<boolean>;
  /** Asks about what names a database and has changed since it was last confirmed; returns whether to go on. */
  readonly confirmSources: (path: string) => Promise<boolean>;
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
  requireLocalFile(path, operationNames()[operation]);
  requireWritableServer(path, operationNames()[operation], deps.selected.state);
  const guard = guardOf(path, deps);
  try {
    const expected = await guard.authorise(path, operation, consent);
    return (await deps.confirmSources(path)) ? expected : undefined;
  } catch (error) {
    const code = error instanceof UserFacingError ? error.code : undefined;
    if (code === 'not-adopted') {
      return (await deps.offerAdoption(path)) ? authoriseWrite(path, operation, deps, consent) : undefined;
    }
    if (code === 'triggers' && consent.allowTriggers !== true) {
      const offer = await deps.offers.about(path);
      const { fingerprint } = await guard.inspect(path);
      if (!(await mayTriggersRun(operation, fingerprint, offer))) return undefined;
      return authoriseWrite(path, operation, deps, { ...consent, allowTriggers: true });
    }
    if (code !== 'which-file') throw error;
    const offer = await deps.offers.about(path);
    const inspection = await guard.inspect(path);
    const original = await guard.originalOf(inspection);
    const question = {
      message: whichFileMessage(inspection, original),
      detail: [
        t`${operationNames()[operation]} would change this ${databaseNoun(path)}.`,
        ...whichFileText(inspection, original),
      ],
      goOn: trustTitle(path),
    };
    if (!(await askWhichFile(offer, original, question, deps))) return undefined;
    return authoriseWrite(path, operation, deps, { ...consent, realFileId: inspection.fingerprint.fileId });
  }
}

/** Asks whether triggers may run that Autopack does not make; Enter does not say so. */
async function mayTriggersRun(
  operation: Operation,
  { path, foreign }: Pick<DatabaseFingerprint, 'path' | 'foreign'>,
  offer: Offer,
): Promise<boolean> {
  const written = writtenTables(operation);
  const triggers = foreign.triggers.filter(({ table }) => written.has(table));
  const letRun = t`Let Them Run`;
  const message = t`${databaseName(path)} has triggers that Autopack does not make. Let them run?`;
  const detail = [
    t`${operationNames()[operation]} would run ${triggersText(triggers)}. They can change or delete any row.`,
  ];
  return (
    (await offer.ask({ severity: 'warning', message, detail, buttons: [t`Leave Unchanged`, letRun] })) ===
    letRun
  );
}
