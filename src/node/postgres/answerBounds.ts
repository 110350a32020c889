import { postgresTitle } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';

/** The most that a server may send for one answer that is kept as a whole, or for one row of many, in MiB. */
const longestAnswerMib = 128;
/** How long an answer may take with all its rows, in ms: longer than an honest server works on it. */
const defaultLongestMs = 75_000;
/** How often that is looked at, in ms. */
const lookMs = 100;

/** Where an answer comes from. */
interface AnswerSource {
  /** A PostgreSQL path. */
  readonly path: string;
  /** How much has come so far, in bytes. */
  readonly bytesRead: () => number;
  /** How long an answer may take, in ms, where not as by default. */
  readonly longestMs?: number;
}

/**
 * Asks a server, and cuts the connection where its answer does not come, as in a network that swallows everything, or does not
 * end: rows without end, or a value that fills the memory. `ask` is given what to call whenever a part of the answer is done
 * with. Throws `unreachable`, `timed-out` or `unreadable` then, and what `ask` throws.
 */
export async function keepBounds<T>(
  { path, bytesRead, longestMs = defaultLongestMs }: AnswerSource,
  ask: (hasAnswered: () => void) => Promise<T>,
  cut: () => void,
): Promise<T> {
  const began = performance.now();
  const before = bytesRead();
  let from = before;
  const excess: UserFacingError[] = [];
  const timer = setInterval(() => {
    if (bytesRead() - from > longestAnswerMib << 20) excess.push(tooMuch(path));
    else if (performance.now() - began > longestMs) {
      excess.push(bytesRead() === before ? noAnswer(path) : tooLong(path));
    }
    if (excess.length === 1) cut();
  }, lookMs);
  try {
    return await ask(() => {
      from = bytesRead();
    });
  } catch (error) {
    throw excess[0] ?? error;
  } finally {
    clearInterval(timer);
  }
}

function tooMuch(path: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    t`${postgresTitle(path)} sends more than ${longestAnswerMib} MiB for one answer.`,
    t`See that this is a database of Autopack, and that no value in it is that long.`,
  );
}

function noAnswer(path: string): UserFacingError {
  return new UserFacingError(
    'unreachable',
    t`${postgresTitle(path)} does not answer.`,
    t`See that the server runs and that the network is up, then try again.`,
  );
}

function tooLong(path: string): UserFacingError {
  return new UserFacingError(
    'timed-out',
    t`${postgresTitle(path)} does not come to the end of an answer.`,
    t`See that the server and the network are up to it, then try again.`,
  );
}
