import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Client, ClientConfig, CustomTypesConfig } from 'pg';
import type { PostgresLocation } from '../../core/db/postgresUrl.ts';
import { CancelledError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { encryptionAttempts, isAboutEncryption, type Encryption } from './encryption.ts';
import { keepBounds } from './answerBounds.ts';
import { knownPassword } from './passwordFile.ts';
import { postgresError } from './postgresError.ts';

/** A database and what is needed to connect to it. */
export interface PostgresTarget {
  readonly location: PostgresLocation;
  readonly password: string | null;
}

/** How a connection is made. */
export interface ConnectOptions {
  /** `true` for what only reads: the server then refuses every write, whatever is sent. */
  readonly isReadOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

const connectTimeoutMs = 10_000;
const defaultStatementTimeoutMs = 60_000;
const idleTimeoutMs = 60_000;
const rollbackTime = { query_timeout: 5000 };
/** How long a server gets to close its side of a connection, in ms. */
const closeTimeoutMs = 500;
/** What the text of values depends on. */
const transactionSettings = [
  `timezone = 'UTC'`,
  `datestyle = 'ISO, MDY'`,
  `intervalstyle = 'postgres'`,
  `bytea_output = 'hex'`,
  `extra_float_digits = 1`,
];
const applicationName = 'autopack-hygiene';

/** Every value as the text that the server sends, so that no number is rounded and no time is moved. */
const asText: CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => value };

/** How a transaction is begun. */
export interface BeginOptions {
  readonly isReadOnly: boolean;
  /** How long the server works on one statement, in ms; a minute by default. */
  readonly statementTimeoutMs?: number;
}

/**
 * One connection to a server, with values as text. Whatever is asked is asked between {@link begin} and {@link commit}:
 * behind PgBouncer another process of the server may answer each transaction, so that settings hold for one alone.
 */
export class PostgresConnection {
  readonly client: Client;
  /** What `sslmode` came to: whether what is sent is encrypted, and whether the server had to prove who it is. */
  readonly encryption: Encryption;
  readonly location: PostgresLocation;
  #isOpen = true;

  private constructor(client: Client, encryption: Encryption, location: PostgresLocation) {
    this.client = client;
    this.encryption = encryption;
    this.location = location;
    const onEnd = (): void => {
      this.#isOpen = false;
    };
    client.on('end', onEnd);
    client.on('error', onEnd);
  }

  /** Connects as libpq does by `sslmode`. Throws what {@link postgresError} makes of a failure, and `CancelledError`. */
  static async open(target: PostgresTarget, options: ConnectOptions): Promise<PostgresConnection> {
    const { signal } = options;
    const open = (await encryptionAttempts(target.location)).flatMap((attempt) =>
      // A pooler may know no options; then each transaction says alone that it only reads.
      options.isReadOnly
        ? [true, false].map((withOptions) => ({ ...attempt, withOptions }))
        : [{ ...attempt, withOptions: false }],
    );
    const pg = await import('./pgClient.ts');
    for (let attempt = open.shift(); attempt !== undefined; attempt = open.shift()) {
      if (signal?.aborted === true) throw new CancelledError(t`Connecting`);
      const { ssl, withOptions } = attempt;
      const client = new pg.Client(configOf(target, ssl, withOptions));
      // A connection that the server ends while nothing is asked would end this process otherwise.
      client.on('error', () => undefined);
      try {
        await connected(client, signal);
        return new PostgresConnection(client, attempt.encryption, target.location);
      } catch (error) {
        destroy(client);
        if (isAborted(signal)) throw new CancelledError(t`Connecting`);
        if (withOptions && isAboutOptions(error)) continue;
        while (open.length > 0 && open[0]?.ssl === ssl) open.shift();
        if (open.length === 0 || !isAboutEncryption(error)) throw postgresError(error, target.location.path);
      }
    }
    throw new Error('There is no way to connect.');
  }

  /** Whether it can still be asked. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Begins a REPEATABLE READ transaction, in which times are in UTC. Its snapshot is that of the first query. `query` is
   * asked in the same round trip, and must have no parameters. Throws like {@link rows}.
   */
  async begin(options: BeginOptions, query = ''): Promise<(string | null)[][]> {
    const { isReadOnly, statementTimeoutMs = defaultStatementTimeoutMs } = options;
    const settings = [
      `statement_timeout = ${statementTimeoutMs}`,
      `lock_timeout = ${connectTimeoutMs}`,
      `idle_in_transaction_session_timeout = ${idleTimeoutMs}`,
      ...transactionSettings,
    ];
    const text = [
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ${isReadOnly ? 'ONLY' : 'WRITE'}`,
      ...settings.map((setting) => `SET LOCAL ${setting}`),
      ...(query === '' ? [] : [query]),
    ].join(';\n');
    try {
      // Of several statements `pg` gives the result of each, which its types do not say.
      const results: unknown = await this.#bounded(() => this.client.query({ text, rowMode: 'array' }));
      const last: unknown = Array.isArray(results) ? results.at(-1) : results;
      return query === '' ? [] : (last as { readonly rows: (string | null)[][] }).rows;
    } catch (error) {
      await this.rollback();
      throw postgresError(error, this.location.path);
    }
  }

  /** Commits; throws like {@link rows}, and where nobody can know whether it came to pass `unreachable`. */
  async commit(): Promise<void> {
    await this.run('COMMIT');
  }

  /** Rolls back; where that comes to no answer the connection is closed, and the server does it by itself. */
  async rollback(): Promise<void> {
    await this.client.query({ text: 'ROLLBACK', ...rollbackTime }).catch(() => this.abort());
  }

  /** Rows as arrays of texts, in the order of the columns. Throws what {@link postgresError} makes of a failure. */
  async rows(sql: string, params: readonly (string | null)[] = []): Promise<(string | null)[][]> {
    try {
      const { rows } = await this.#bounded(() =>
        this.client.query<(string | null)[]>({
          text: sql,
          values: [...params],
          rowMode: 'array',
        }),
      );
      return rows;
    } catch (error) {
      throw postgresError(error, this.location.path);
    }
  }

  /** Runs a statement and returns how many rows it changed. Throws like {@link rows}. */
  async run(sql: string, params: readonly (string | null)[] = []): Promise<number> {
    try {
      const { rowCount } = await this.#bounded(() => this.client.query({ text: sql, values: [...params] }));
      return rowCount ?? 0;
    } catch (error) {
      throw postgresError(error, this.location.path);
    }
  }

  /**
   * Streams the rows of a query as the lines of COPY's text format, some at a time, in memory that does not grow with
   * their number. `query` has no parameters. Throws like {@link rows}.
   */
  async copy(query: string, onLines: (lines: readonly string[]) => void): Promise<void> {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    try {
      const { to } = await import('./pgClient.ts');
      await this.#bounded(async (hasAnswered) => {
        for await (const chunk of this.client.query(to(`COPY (${query}) TO STDOUT`))) {
          const text = decoder.write(chunk as Buffer);
          // Only in what is new: a long value comes in very many pieces.
          const end = text.lastIndexOf('\n');
          if (end < 0) {
            rest += text;
            continue;
          }
          hasAnswered();
          onLines((rest + text.slice(0, end)).split('\n'));
          rest = text.slice(end + 1);
        }
      });
    } catch (error) {
      throw postgresError(error, this.location.path);
    }
  }

  /** What is asked of a server that may send anything, for as long as it likes: see {@link keepBounds}. */
  #bounded<T>(ask: (hasAnswered: () => void) => Promise<T>): Promise<T> {
    const { stream } = this.client.connection;
    // Whatever is connected is a socket, though the types allow for more.
    const bytesRead = (): number => (stream instanceof Socket ? stream.bytesRead : 0);
    const source = { path: this.location.path, bytesRead };
    return keepBounds(source, ask, () => this.abort());
  }

  /**
   * Does something that ends when the signal fires: the connection is closed then, and with it what the server is at.
   * Throws `CancelledError` in that case, and what `work` throws.
   */
  async abortable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal === undefined) return work();
    if (signal.aborted) throw new CancelledError(t`Asking the server`);
    const cancel = (): void => this.abort();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await work();
    } catch (error) {
      throw isAborted(signal) ? new CancelledError(t`Asking the server`) : error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Closes at once, whatever is under way. */
  abort(): void {
    this.#isOpen = false;
    destroy(this.client);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const timer = setTimeout(() => this.abort(), closeTimeoutMs);
    await this.client.end().catch(() => undefined);
    clearTimeout(timer);
  }
}

/** Rejects when the signal fires: of a client that is ended while it connects, `pg` says nothing any more. */
async function connected(client: Client, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await client.connect();
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const cancel = (): void => reject(new CancelledError(t`Connecting`));
    signal.addEventListener('abort', cancel, { once: true });
    void client
      .connect()
      .then(() => resolve(), reject)
      .finally(() => signal.removeEventListener('abort', cancel));
  });
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** What `end` would wait for does not come. */
function destroy(client: Client): void {
  void client.end().catch(() => undefined);
  client.connection.stream.destroy();
}

/** PgBouncer refuses what it does not know (https://www.pgbouncer.org/config.html, ignore_startup_parameters). */
function isAboutOptions(error: unknown): boolean {
  return error instanceof Error && /startup parameter/i.test(error.message);
}

function configOf(
  { location, password }: PostgresTarget,
  ssl: ClientConfig['ssl'],
  withOptions: boolean,
): ClientConfig {
  const { host, port, user, database, parameters } = location;
  // They may name the schema that Autopack's tables lie in. `pg` takes those of the environment only where it is given none.
  const options = [
    parameters.options ?? process.env.PGOPTIONS ?? '',
    ...(withOptions ? ['-c default_transaction_read_only=on'] : []),
  ].filter((each) => each.trim() !== '');
  return {
    ...{ host, port, user, database, ssl, types: asText },
    // Asked for only where the server wants one.
    password: password === null || password === '' ? () => knownPassword(location) : password,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: applicationName,
    keepAlive: true,
    ...(options.length === 0 ? {} : { options: options.join(' ') }),
  };
}
