import type { ExpectedFile, WriteOperation } from '../../core/db/databasePorts.ts';
import { quoted } from '../../core/db/foreignKeys.ts';
import { serverNameOf } from '../../core/db/schema/postgresOwnSchema.ts';
import { postgresSchemaStatements } from '../../core/db/schema/postgresSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { performChecked, type Performed, type WriteOrigin } from '../../core/identity/guardedWrite.ts';
import { journalDetails, type JournalEntry } from '../../core/identity/journalEntry.ts';
import { journalTableName, readChanges } from '../../core/identity/journalTable.ts';
import { t } from '../../core/text/l10n.ts';
import { applyChanges, RowChangedError, type AppliedRow } from './applyChanges.ts';
import type { PostgresConnection } from './connection.ts';
import { targetOf } from './databaseServer.ts';
import { requireLease } from './leases.ts';
import { ensureOwnSchema } from './ownSchema.ts';
import { withoutTouchingOwn } from './ownTables.ts';
import { refuseTables } from './refuseTables.ts';
import { serverChanges, type ServerChanges } from './serverChanges.ts';
import { keepRows } from './undoStore.ts';
import { inverse, rowsByTable, undoneRows } from './undoRows.ts';
import { readServerTables, type ServerTable } from './serverTables.ts';
import { WritingReplica } from './writingReplica.ts';
import { commitSurely, inWriteTransaction, type WriteFacts } from './writeTransaction.ts';

/** How a {@link PostgresWriter} works. */
export interface PostgresWriterOptions {
  /** `null` where the environment or a password file may have it. */
  readonly password: string | null;
  /** How long to wait for other writers, in ms. */
  readonly lockTimeoutMs: number;
  readonly origin: () => WriteOrigin;
  /** Asked with all written and not yet committed; what it throws rolls back. */
  readonly beforeCommit?: () => Promise<void>;
  /** Learns that triggers ran that a person allowed, of which the server does not tell what they changed. */
  readonly onTriggers?: () => void;
  /** Learns of the entry of a change that was committed; `earlier` gives those before it, the last first. */
  readonly afterCommit?: (entry: JournalEntry, earlier: (limit: number) => JournalEntry[]) => Promise<void>;
}

/**
 * Writes databases on a PostgreSQL server: an operation changes the rows that it rests on in a SQLite database in memory, at
 * the snapshot of one REPEATABLE READ transaction, and what it changed there is changed on the server in that transaction.
 */
export class PostgresWriter {
  readonly #options: PostgresWriterOptions;

  constructor(options: PostgresWriterOptions) {
    this.#options = options;
  }

  /**
   * Makes a change as `DatabaseWriterPort.perform` does. `path` is a PostgreSQL path. Throws `replaced` where it leads to
   * another database than the expected one, `read-only` where the server or the user can only read, `triggers`, `changed`
   * where rows are not as they were to be, `locked`, and what the connection and the operation throw.
   */
  async perform<Params, Result>(
    path: string,
    operation: WriteOperation<Params, Result>,
    params: Params,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<Result> {
    const { password, lockTimeoutMs, afterCommit } = this.#options;
    const target = targetOf(path, password);
    const times = { deadline: performance.now() + lockTimeoutMs, signal };
    let mismatches = 0;
    for (;;) {
      try {
        return await inWriteTransaction(target, times, async (connection, facts) => {
          refuseOther(path, facts, expected);
          const lease = expected?.occasion?.lease;
          if (lease !== undefined) await requireLease(connection, lease);
          if (operation.makesTables === true) await makeTables(connection, path, facts);
          const replica = await WritingReplica.load(connection, operation.needs?.(params));
          try {
            const performed = this.#perform(replica, path, operation, params, expected);
            const undone = await undoneRows(connection, path, operation.undoes?.(params));
            const entry = await this.#apply(
              { connection, replica, path, facts, undone },
              performed,
              expected,
            );
            await this.#options.beforeCommit?.();
            await commitSurely(connection, target, facts.transaction);
            const earlier = (limit: number): JournalEntry[] =>
              entry === null ? [] : readChanges(replica, { limit, before: entry.serial });
            if (entry !== null) await afterCommit?.(entry, earlier);
            return performed.result;
          } finally {
            replica.close();
          }
        });
      } catch (error) {
        if (!(error instanceof RowChangedError)) throw error;
        if (operation.undoes !== undefined) throw changedSince(path, error);
        if (++mismatches >= mostMismatches) throw changedMeanwhile(path, error);
      }
    }
  }

  #perform<Params, Result>(
    replica: WritingReplica,
    path: string,
    operation: WriteOperation<Params, Result>,
    params: Params,
    expected: ExpectedFile | undefined,
  ): Performed<Result> {
    replica.begin(operation.sqliteEnforcesKeys?.(replica) ?? true);
    return performChecked(replica, path, operation, params, this.#options.origin(), expected);
  }

  /** Makes on the server what was changed in the replica or is undone, and gives the entry as it was noted. */
  async #apply<Result>(
    { connection, replica, path, facts, undone }: Application,
    { entry }: Performed<Result>,
    { allowTriggers = false, occasion = {} }: Partial<ExpectedFile> = {},
  ): Promise<JournalEntry | null> {
    const changes = replica.changes();
    const names = [...changes.map(({ table }) => table), ...undone.map(({ table }) => table)];
    if (names.length === 0) return entry;
    const tables = await this.#tables(connection, names, { path, ...facts });
    const translated = await serverChanges(connection, changes, tables, (table) => replica.columnsOf(table));
    const own = translated.filter(isOwn);
    const theirs = [...translated.filter((each) => !isOwn(each)), ...inverse(undone, tables)];
    refuseTables([...own, ...theirs], path, facts.user, allowTriggers);
    const apply = (): Promise<AppliedRow[]> => applyChanges(connection, theirs, { path, allowTriggers });
    const runsTriggers = theirs.some(({ table }) => table.triggers.length > 0);
    const applied =
      runsTriggers && own.length > 0 ? await withoutTouchingOwn(connection, path, apply) : await apply();
    if (runsTriggers) this.#options.onTriggers?.();
    const noted = await this.#keep(connection, entry, applied, path, occasion.keepsRows === true);
    const whole = noted === null || undone.length === 0 ? noted : { ...noted, rows: rowsByTable(applied) };
    await applyChanges(connection, withDetails(own, whole), { path, allowTriggers: false });
    return whole;
  }

  /** What the server has of the tables that changed; makes our own where they are not there yet. */
  async #tables(
    connection: PostgresConnection,
    names: readonly string[],
    maker: WriteFacts & { readonly path: string },
  ): Promise<ReadonlyMap<string, ServerTable>> {
    if (names.some((name) => serverNameOf(name).schema !== null)) await ensureOwnSchema(connection, maker);
    const tables = await readServerTables(connection, [...new Set(names)]);
    const missing = names.find((name) => !tables.has(name));
    if (missing !== undefined) throw new Error(`The server has no table ${missing}.`);
    return tables;
  }

  async #keep(
    connection: PostgresConnection,
    entry: JournalEntry | null,
    applied: readonly AppliedRow[],
    path: string,
    keepsRows: boolean,
  ): Promise<JournalEntry | null> {
    if (entry === null || !keepsRows || applied.length === 0) return entry;
    return { ...entry, kept: await keepRows(connection, entry.serial, applied, path) };
  }
}

/** What a change is made on the server from. */
interface Application {
  readonly connection: PostgresConnection;
  readonly replica: WritingReplica;
  readonly path: string;
  readonly facts: WriteFacts;
  /** Rows of an earlier change that are put back. */
  readonly undone: readonly AppliedRow[];
}

/** How often a change is made anew because rows were not as they were just read. */
const mostMismatches = 3;

function isOwn({ table }: ServerChanges): boolean {
  return serverNameOf(table.name).schema !== null;
}

/** The note of a change with what is only known once it is made. */
function withDetails(own: readonly ServerChanges[], entry: JournalEntry | null): ServerChanges[] {
  if (entry === null) return [...own];
  const details = JSON.stringify(journalDetails.parse(entry));
  return own.map(({ table, rows }) => ({
    table,
    rows: rows.map((row) =>
      table.name === journalTableName && row.kind === 'insert' && row.key.serial === String(entry.serial)
        ? { ...row, after: { ...row.after, details } }
        : row,
    ),
  }));
}

function refuseOther(path: string, { fileId }: WriteFacts, expected: ExpectedFile | undefined): void {
  if (expected === undefined || expected.fileId === fileId) return;
  const [server = '', oid = ''] = fileId.split(':');
  const [expectedServer = '', expectedOid = ''] = expected.fileId.split(':');
  const fact =
    server === expectedServer
      ? t`the database has the oid ${oid}, and had ${expectedOid}`
      : t`the server has the system identifier ${server}, and had ${expectedServer}`;
  throw new UserFacingError(
    'replaced',
    t`${path} is not the database it was: another has taken its place (${fact}).`,
    t`Check the database identity, then try again.`,
  );
}

async function makeTables(connection: PostgresConnection, path: string, { user }: WriteFacts): Promise<void> {
  const present = await readServerTables(connection, [
    'runs',
    'tiers',
    'phases',
    'autopack_hygiene_identity',
  ]);
  const [first] = present.keys();
  if (first !== undefined) {
    throw new UserFacingError(
      'exists',
      t`${path} has the table ${first} already, and none is ever overwritten.`,
      t`Adopt the database if it is one of Autopack, or name an empty one.`,
    );
  }
  for (const statement of postgresSchemaStatements())
    await connection.run(statement).catch((error: unknown) => {
      throw mayNotMakeTables(error, path, user);
    });
}

function mayNotMakeTables(error: unknown, path: string, user: string): unknown {
  if (!(error instanceof UserFacingError) || error.code !== 'no-permission') return error;
  return new UserFacingError(
    'no-permission',
    t`Nothing was written to ${path}: the user ${user} may not make tables there.`,
    t`Ask who runs the database for it (GRANT CREATE ON SCHEMA public TO ${quoted(user)}), or do this as its owner.`,
    { cause: error },
  );
}

function changedMeanwhile(path: string, { table }: RowChangedError): UserFacingError {
  return new UserFacingError(
    'changed',
    t`Nothing was written to ${path}: another program changed ${table} at the same time.`,
    t`Look at it again, then try again.`,
  );
}

function changedSince(path: string, { table }: RowChangedError): UserFacingError {
  return new UserFacingError(
    'changed',
    t`Nothing was undone in ${path}: rows of ${table} were changed since.`,
    t`Undo the later changes first, where they can be undone, or restore a dump.`,
  );
}
