import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findPostgresPrograms, type PostgresPrograms, type ServerVersion } from './postgresPrograms.ts';
import { freePort, guardOf, reachableBy } from './serverFolder.ts';

const run = promisify(execFile);
const nobody = 65_534;

/** Those who can log in, with their passwords, which hold what a URL must escape; the superuser needs none. */
export const users = {
  /** Owns the databases. */
  owner: { name: 'autopack', password: 'pa:ss/w@rd %41' },
  /** May only read. */
  reader: { name: 'autopack_reader', password: 'only reads' },
  superuser: { name: 'postgres', password: null },
} as const;

export type User = keyof typeof users;

export interface ServerOptions {
  readonly version?: ServerVersion;
  /** With a certificate for `localhost`, signed by itself. */
  readonly tls?: boolean;
  /** Settings of the server, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Fills the data folder, in place of an empty database cluster. */
  readonly fill?: (dataFolder: string) => Promise<void>;
}

/** No server can be had here; the message is the reason to skip with. */
export class NoServerError extends Error {}

const hostRules = `local all postgres trust
local all all scram-sha-256
host all postgres localhost trust
host all all localhost scram-sha-256
local replication postgres trust
host replication postgres localhost trust
`;

const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  listen_addresses: 'localhost',
  log_checkpoints: 'off',
  password_encryption: 'scram-sha-256',
};

/** A PostgreSQL server of our own in a temporary folder, ended and removed with this process at the latest. */
export class PostgresServer {
  readonly version: number;
  readonly port: number;
  /** Holds the data and the Unix socket. */
  readonly folder: string;
  readonly #programs: PostgresPrograms;
  readonly #uid: number | null;
  readonly #guard: ChildProcess;

  private constructor(
    programs: PostgresPrograms,
    folder: string,
    port: number,
    uid: number | null,
    guard: ChildProcess,
  ) {
    this.version = programs.version;
    this.port = port;
    this.folder = folder;
    this.#programs = programs;
    this.#uid = uid;
    this.#guard = guard;
  }

  /** Throws {@link NoServerError} where this machine has no server to start. */
  static async start({
    version = 'newest',
    tls = false,
    ...options
  }: ServerOptions = {}): Promise<PostgresServer> {
    if (process.platform === 'win32') throw new NoServerError('servers for tests are not started on Windows');
    const programs = findPostgresPrograms(version);
    if (programs === null) throw new NoServerError(`no PostgreSQL ${version} for this platform`);
    // As root the server refuses to start.
    const uid = process.getuid?.() === 0 ? nobody : null;
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'autopack-hygiene-postgres-')));
    if (uid !== null) await chown(folder, uid, uid);
    const guard = guardOf(folder);
    const reached = await reachableBy(uid, programs, folder);
    const server = new PostgresServer(reached, folder, await freePort(), uid, guard);
    await server.#create(options, tls);
    await server.control('start');
    if (options.fill === undefined) await server.#addUsers();
    return server;
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** For `sslrootcert`, where the server has TLS. */
  get certificate(): string {
    return join(this.folder, 'server.crt');
  }

  /** With the password; `parameters` such as `sslmode` are added. */
  url(database: string, user: User = 'owner', parameters: Readonly<Record<string, string>> = {}): string {
    const { name, password } = users[user];
    const credentials = password === null ? name : `${name}:${encodeURIComponent(password)}`;
    const query = new URLSearchParams(parameters).toString();
    return `postgresql://${credentials}@localhost:${this.port}/${encodeURIComponent(database)}${query && `?${query}`}`;
  }

  /** The same by the Unix socket. */
  socketUrl(database: string, user: User = 'owner'): string {
    return this.url(database, user, { host: this.folder }).replace('@localhost', '@');
  }

  /** As the superuser, by a connection of its own. */
  async query<Row = Record<string, unknown>>(
    database: string,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.withClient(database, async (client) => {
      const result = await client.query(sql, params.length === 0 ? undefined : [...params]);
      return result.rows as Row[];
    });
  }

  /** An open connection for as long as `action` takes. */
  async withClient<T>(
    database: string,
    action: (client: Client) => Promise<T>,
    user: User = 'superuser',
  ): Promise<T> {
    const client = await this.connect(database, user);
    try {
      return await action(client);
    } finally {
      await client.end();
    }
  }

  /** A connection that the caller ends. */
  async connect(database: string, user: User = 'superuser'): Promise<Client> {
    const { name, password } = users[user];
    const credentials = { user: name, ...(password === null ? {} : { password }) };
    const client = new Client({ host: this.folder, port: this.port, database, ...credentials });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** An empty database of the owner, in place of one of that name. */
  async createDatabase(name: string): Promise<string> {
    await this.dropDatabase(name);
    await this.query('postgres', `CREATE DATABASE ${quoted(name)} OWNER ${users.owner.name}`);
    return name;
  }

  async dropDatabase(name: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
  }

  /** Ends every connection to a database, as an administrator or a lost network does; says how many there were. */
  async cutConnections(database: string): Promise<number> {
    const cut = await this.query(
      'postgres',
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      [database],
    );
    return cut.length;
  }

  /** `immediate` as after a crash, `fast` as by an administrator. */
  async restart(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.halt(mode);
    await this.control('start');
  }

  /** Stops it and keeps its data: {@link control} starts it again. */
  async halt(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.control('stop', '-m', mode);
  }

  /** Runs `pg_ctl`, such as `promote`, until it is done. */
  async control(command: 'start' | 'stop' | 'promote' | 'reload', ...args: readonly string[]): Promise<void> {
    const log = join(this.folder, 'log');
    // The server would keep the pipes of a started program open.
    const child = spawn(
      join(this.#programs.folder, 'pg_ctl'),
      ['-w', '-D', this.dataFolder, '-l', log, command, ...args],
      { ...this.#as(), stdio: 'ignore' },
    );
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
    if (code !== 0)
      throw new Error(`pg_ctl ${command}: ${await readFile(log, 'utf8').catch(() => 'no log')}`);
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#guard.once('exit', resolve));
    this.#guard.ref();
    this.#guard.stdin?.end();
    await ended;
  }

  async #create({ fill, ...options }: ServerOptions, tls: boolean): Promise<void> {
    await (fill === undefined ? this.#initialise() : fill(this.dataFolder));
    const all: Record<string, string> = {
      ...settings,
      ...options.settings,
      port: String(this.port),
      unix_socket_directories: this.folder,
    };
    if (tls) {
      await this.#makeCertificate();
      Object.assign(all, { ssl: 'on', ssl_cert_file: this.certificate, ssl_key_file: keyOf(this.folder) });
    }
    const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
    await writeFile(join(this.dataFolder, 'postgresql.auto.conf'), lines.join(''));
    await writeFile(join(this.dataFolder, 'pg_hba.conf'), hostRules);
    if (this.#uid !== null) await run('chown', ['-R', String(this.#uid), this.folder]);
  }

  async #initialise(): Promise<void> {
    const layout = ['-U', users.superuser.name, '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    await run(
      join(this.#programs.folder, 'initdb'),
      ['-D', this.dataFolder, ...layout, '--no-sync', '--no-instructions'],
      this.#as(),
    );
  }

  async #makeCertificate(): Promise<void> {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    const args = ['req', '-x509', ...key, keyOf(this.folder), '-out', this.certificate, ...subject];
    await run('openssl', args).catch((error: unknown) => {
      throw new NoServerError('openssl is not installed, which makes the certificate', { cause: error });
    });
    await chmod(keyOf(this.folder), 0o600);
  }

  async #addUsers(): Promise<void> {
    const { owner, reader } = users;
    await this.query(
      'postgres',
      `CREATE ROLE ${owner.name} LOGIN PASSWORD '${owner.password}';
       CREATE ROLE ${reader.name} LOGIN PASSWORD '${reader.password}' IN ROLE pg_read_all_data`,
    );
  }

  #as(): { cwd: string; uid?: number; gid?: number } {
    return { cwd: this.folder, ...(this.#uid === null ? {} : { uid: this.#uid, gid: this.#uid }) };
  }
}

function keyOf(folder: string): string {
  return join(folder, 'server.key');
}

/** An identifier as SQL has it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
