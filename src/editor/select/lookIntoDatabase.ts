import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { notAutopack } from '../database/notAutopack.ts';
import { errorWords } from '../status/databaseStatus.ts';
import type { DatabaseLook } from './databaseCandidate.ts';

/** Finds out what a file is, for the list of databases; never rejects, for one bad file must not end the list. */
export async function lookIntoDatabase(
  reader: DatabaseReader,
  path: string,
  signal: AbortSignal,
): Promise<DatabaseLook> {
  try {
    const { value: facts } = await reader.ask(path, 'identity', null, signal);
    return notAutopack(facts) === undefined
      ? { kind: 'autopack', facts }
      : { kind: 'other', reason: 'not an Autopack database' };
  } catch (error) {
    if (error instanceof CancelledError) return { kind: 'looking' };
    if (!(error instanceof UserFacingError)) return { kind: 'other', reason: 'unreadable' };
    return error.code === 'not-found'
      ? { kind: 'missing' }
      : { kind: 'other', reason: errorWords[error.code] ?? 'unreadable' };
  }
}
