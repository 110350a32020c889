import { setTimeout as sleep } from 'node:timers/promises';
import { quoted } from '../../core/db/foreignKeys.ts';
import type { PostgresLocation } from '../../core/db/postgresUrl.ts';
import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { PostgresConnection, type PostgresTarget } from './connection.ts';
import { readServerFacts, serverFileId } from './serverFacts.ts';
import { isWorthRetrying, sqlStateOf } from './postgresError.ts';

/** What a write transaction is: which database of which server, by whom, and its own number. */
export interface WriteFacts {
  /** `system identifier:oid`. */
  readonly fileId: string;
  readonly user: string;
  readonly database: string;
  /** As `pg_xact_status` takes it. */
  readonly transaction: string;
}

/** How long others are waited for. */
export interface WriteTimes {
  /** Performance time in ms after which a transaction is not tried again. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

const ownNumber = 'SELECT pg_current_xact_id()';
/** Others of ours wait here, before either takes its snapshot: what one wrote, the other sees. */
const lock = `LOCK TABLE ${ownSchemaName}.identity IN SHARE ROW EXCLUSIVE MODE;
  SELECT 1 FROM ${ownSchemaName}.identity FOR UPDATE`;
/** What the server says where our table, or its schema, is not there. */
const notThere = new Set(['42P01', '3F000']);
/** The server looks so often whether this program is still there while it works on a statement, in ms. */
const lookMs = 1000;
const retryMs = 20;

/**
 * Runs `work` in a transaction that can write, with our identity locked where there is one, until it commits by itself or
 * throws what no repetition helps against. Throws what {@link PostgresConnection} throws, and what `work` throws.
 */
export async function inWriteTransaction<T>(
  target: PostgresTarget,
  { deadline, signal }: WriteTimes,
  work: (connection: PostgresConnection, facts: WriteFacts, isLast: boolean) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = await PostgresConnection.open(target, { isReadOnly: false, signal });
    const isLast = performance.now() >= deadline;
    try {
      return await connection.abortable(signal, async () => {
        const found = await begin(connection, Math.max(1, Math.ceil(deadline - performance.now())));
        return work(connection, found, isLast);
      });
    } catch (error) {
      await connection.rollback();
      if (isLast || !isWorthRetrying(error)) throw error;
    } finally {
      await connection.close();
    }
    await sleep(Math.random() * retryMs * Math.min(attempt, 10), undefined, signal ? { signal } : {}).catch(
      () => {
        throw new CancelledError(t`Writing to the database`);
      },
    );
  }
}

async function begin(connection: PostgresConnection, lockTimeoutMs: number): Promise<WriteFacts> {
  const settings = `SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL client_connection_check_interval = ${lookMs}`;
  const ask = (query: string): Promise<(string | null)[][]> =>
    connection.begin({ isReadOnly: false }, `${settings}; ${query}`);
  const [[transaction] = []] = await ask(`${lock}; ${ownNumber}`).catch((error: unknown) => {
    const state = sqlStateOf(error);
    if (notThere.has(state)) return ask(ownNumber);
    throw state === '42501' ? onlyReads(connection.location, error) : error;
  });
  const server = await readServerFacts(connection);
  const { user, database } = server;
  return { fileId: serverFileId(server), user, database, transaction: transaction ?? '' };
}

function onlyReads({ path, user }: PostgresLocation, cause: unknown): UserFacingError {
  const rights = `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${ownSchemaName} TO ${quoted(user)}`;
  return new UserFacingError(
    'read-only',
    t`${path} can only be read by the user ${user}, who may not change the tables in which this product keeps what a database is.`,
    t`Ask who runs the database for it (${rights}), or connect as another user.`,
    { cause },
  );
}

/** How long and how often (ms) a server that was lost while it committed is asked what became of it. */
const [askedForMs, askedAfterMs] = [60_000, 500];

/**
 * Commits. Where the connection is lost meanwhile, the server is asked what became of the transaction: throws `unreachable`
 * where nothing was written, and `uncertain` where nobody can say.
 */
export async function commitSurely(
  connection: PostgresConnection,
  target: PostgresTarget,
  transaction: string,
): Promise<void> {
  try {
    await connection.commit();
  } catch (error) {
    const state = sqlStateOf(error);
    const isLost = !connection.isOpen || state === '' || state.startsWith('08') || state.startsWith('57P');
    if (!isLost) throw error;
    const outcome = await outcomeOf(target, transaction);
    if (outcome === 'committed') return;
    throw lostWhileCommitting(target.location, outcome === 'aborted', error);
  }
}

async function outcomeOf(target: PostgresTarget, transaction: string): Promise<string | null> {
  for (const deadline = performance.now() + askedForMs; performance.now() < deadline;) {
    try {
      const connection = await PostgresConnection.open(target, { isReadOnly: true });
      try {
        const sql = 'SELECT pg_xact_status($1::text::xid8)';
        const [[status] = []] = await connection.rows(sql, [transaction]);
        if (status !== 'in progress') return status ?? null;
      } finally {
        await connection.close();
      }
    } catch {
      // It may be starting again.
    }
    await sleep(askedAfterMs);
  }
  return null;
}

function lostWhileCommitting(
  { path }: PostgresLocation,
  isAborted: boolean,
  cause: unknown,
): UserFacingError {
  return new UserFacingError(
    isAborted ? 'unreachable' : 'uncertain',
    isAborted
      ? t`Nothing was written to ${path}: the connection was lost before the server had committed.`
      : t`The connection to ${path} was lost while it committed, so the change may or may not be there.`,
    isAborted ? t`Try again.` : t`Look at the database before you try again.`,
    { cause },
  );
}
