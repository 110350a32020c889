import { readFileSync } from 'node:fs';
import { Client, type ClientConfig, type CustomTypesConfig } from 'pg';
import type { PostgresLocation } from '../../core/db/postgresUrl.ts';
import { CancelledError } from '../../core/errors.ts';
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
  /** How long the server works on one statement, in ms; a minute by default. */
  readonly statementTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The values that `sslmode` may have, from the weakest to the strictest. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

const connectTimeoutMs = 10_000;
const defaultStatementTimeoutMs = 60_000;
const applicationName = 'autopack-hygiene';

/** Every value as the text that the server sends, so that no number is rounded and no time is moved. */
const asText: CustomTypesConfig = { getTypeParser: () => (value: string | Buffer) => value };

/** One connection to a server, with values as text. */
export class PostgresConnection {
  readonly client: Client;
  /** What `sslmode` came to: whether what is sent is encrypted, and whether the server had to prove who it is. */
  readonly encryption: 'none' | 'encrypted' | 'verified';
  readonly #location: PostgresLocation;

  private constructor(
    client: Client,
    encryption: PostgresConnection['encryption'],
    location: PostgresLocation,
  ) {
    this.client = client;
    this.encryption = encryption;
    this.#location = location;
  }

  /** Connects as libpq does by `sslmode`. Throws what {@link postgresError} makes of a failure, and `CancelledError`. */
  static async open(target: PostgresTarget, options: ConnectOptions): Promise<PostgresConnection> {
    const attempts = attemptsOf(target.location);
    for (const [index, attempt] of attempts.entries()) {
      const client = new Client(configOf(target, options, attempt.ssl));
      // A connection that the server ends while nothing is asked would end this process otherwise.
      client.on('error', () => undefined);
      const cancel = (): void => void client.end().catch(() => undefined);
      options.signal?.addEventListener('abort', cancel, { once: true });
      try {
        await client.connect();
        return new PostgresConnection(client, attempt.encryption, target.location);
      } catch (error) {
        void client.end().catch(() => undefined);
        if (options.signal?.aborted === true) throw new CancelledError('Connecting');
        if (index === attempts.length - 1 || !isAboutEncryption(error))
          throw postgresError(error, target.location.path);
      } finally {
        options.signal?.removeEventListener('abort', cancel);
      }
    }
    throw new Error('There is no way to connect.');
  }

  /** Rows as arrays of texts, in the order of the columns. Throws what {@link postgresError} makes of a failure. */
  async rows(sql: string, params: readonly (string | null)[] = []): Promise<(string | null)[][]> {
    try {
      const { rows } = await this.client.query<(string | null)[]>({
        text: sql,
        values: [...params],
        rowMode: 'array',
      });
      return rows;
    } catch (error) {
      throw postgresError(error, this.#location.path);
    }
  }

  /** Runs a statement and returns how many rows it changed. Throws like {@link rows}. */
  async run(sql: string, params: readonly (string | null)[] = []): Promise<number> {
    try {
      const { rowCount } = await this.client.query({ text: sql, values: [...params] });
      return rowCount ?? 0;
    } catch (error) {
      throw postgresError(error, this.#location.path);
    }
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** The mode in force: that of the URL, or what libpq, and with it psycopg2, takes without one. */
export function sslModeOf({ parameters }: PostgresLocation): SslMode {
  const given = parameters.sslmode ?? 'prefer';
  return sslModes.find((mode) => mode === given) ?? 'prefer';
}

interface Attempt {
  readonly ssl: ClientConfig['ssl'];
  readonly encryption: PostgresConnection['encryption'];
}

/** What libpq tries, one after the other: https://www.postgresql.org/docs/current/libpq-ssl.html, table 32.1. */
function attemptsOf(location: PostgresLocation): Attempt[] {
  const plain: Attempt = { ssl: false, encryption: 'none' };
  if (location.host.startsWith('/')) return [plain];
  const unverified: Attempt = {
    ssl: { rejectUnauthorized: false, ...clientCertificate(location) },
    encryption: 'encrypted',
  };
  const mode = sslModeOf(location);
  const root = location.parameters.sslrootcert;
  switch (mode) {
    case 'disable':
      return [plain];
    case 'allow':
      return [plain, unverified];
    case 'prefer':
      return [unverified, plain];
    case 'require':
      // With a root certificate it is checked, for the sake of old programs.
      return [root === undefined ? unverified : verified(location, false)];
    case 'verify-ca':
      return [verified(location, false)];
    case 'verify-full':
      return [verified(location, true)];
  }
}

function verified(location: PostgresLocation, checksName: boolean): Attempt {
  const root = location.parameters.sslrootcert;
  return {
    ssl: {
      rejectUnauthorized: true,
      ...(root === undefined || root === 'system' ? {} : { ca: readFileSync(root, 'utf8') }),
      ...(checksName ? {} : { checkServerIdentity: () => undefined }),
      ...clientCertificate(location),
    },
    encryption: 'verified',
  };
}

function clientCertificate({ parameters }: PostgresLocation): { cert?: string; key?: string } {
  const { sslcert, sslkey } = parameters;
  return {
    ...(sslcert === undefined ? {} : { cert: readFileSync(sslcert, 'utf8') }),
    ...(sslkey === undefined ? {} : { key: readFileSync(sslkey, 'utf8') }),
  };
}

/** A server without encryption, or one that wants it: the other way may do. */
function isAboutEncryption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /does not support SSL|SSL (?:off|on|encryption)|no encryption|ssl3?_|ERR_SSL|handshake/i.test(
    error.message,
  );
}

function configOf(
  { location, password }: PostgresTarget,
  { isReadOnly, statementTimeoutMs = defaultStatementTimeoutMs }: ConnectOptions,
  ssl: ClientConfig['ssl'],
): ClientConfig {
  const { host, port, user, database } = location;
  return {
    ...{ host, port, user, database, ssl, types: asText },
    // Without one `pg` looks at the environment and at ~/.pgpass itself, as libpq does.
    ...(password === null ? {} : { password }),
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: connectTimeoutMs,
    idle_in_transaction_session_timeout: defaultStatementTimeoutMs,
    application_name: applicationName,
    keepAlive: true,
    ...(isReadOnly ? { options: '-c default_transaction_read_only=on' } : {}),
  };
}
