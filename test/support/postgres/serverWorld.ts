import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseWriterPort } from '../../../src/core/db/databasePorts.ts';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import type { GivenRole } from '../../../src/core/identity/identityTable.ts';
import type { WriteConsent } from '../../../src/core/identity/requireWritable.ts';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { DatabaseGuard } from '../../../src/node/identity/databaseGuard.ts';
import { passwordOf, rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { PostgresWriter } from '../../../src/node/postgres/postgresWriter.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { FolderJournal } from '../../../src/node/writer/folderJournal.ts';
import { journalAuthor } from '../../../src/node/writer/journalAuthor.ts';
import type { DatabaseReader } from '../../../src/protocol/readerProtocol.ts';
import { suiteReader } from '../guard/guardWorld.ts';
import { rejectsWith } from '../rejectsWith.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { type PostgresServer, quoted, type User } from './postgresServer.ts';

/** A workspace folder, and databases of a server, which are gone after the test. */
export class ServerWorld {
  readonly folder: string;
  readonly server: PostgresServer;
  readonly reader: DatabaseReader;
  readonly guard: DatabaseGuard;
  readonly #names: string[] = [];

  constructor(folder: string, server: PostgresServer, reader: DatabaseReader) {
    this.folder = folder;
    this.server = server;
    this.reader = reader;
    this.guard = new DatabaseGuard({ reader, clock: systemClock, workspaceFolder: folder });
  }

  /** What stands for the path of a database, whose password is remembered. */
  path(name: string, user: User = 'owner', server: PostgresServer = this.server): string {
    return this.pathOf(server.url(name, user));
  }

  pathOf(url: string): string {
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    return location.path;
  }

  /** An empty database, which is removed with the others. */
  async database(name: string): Promise<string> {
    this.#names.push(name);
    await this.server.createDatabase(name);
    return this.path(name);
  }

  /** A new database with an identity, one seeded run if it is a seed, and a pin. */
  async make(name: string, role: GivenRole = 'seed'): Promise<string> {
    const path = await this.database(name);
    await initDatabase(this.writer, path, { id: randomUUID(), role, createdAt: Date.now() });
    if (role === 'seed') await seedDatabase(this.writer, path, { now: Date.now() });
    await this.guard.pin(path);
    return path;
  }

  /** As pg_dump and psql would, but for the time that takes: the same content under another oid. */
  async copy(from: string, to: string): Promise<string> {
    this.#names.push(to);
    await this.server.dropDatabase(to);
    await this.server.cutConnections(from);
    await this.server.query(
      'postgres',
      `CREATE DATABASE ${quoted(to)} TEMPLATE ${quoted(from)} OWNER autopack`,
    );
    return this.path(to);
  }

  /** Gives a database the name of another, which is removed. */
  async rename(from: string, to: string): Promise<void> {
    await this.server.dropDatabase(to);
    await this.server.cutConnections(from);
    await this.server.query('postgres', `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`);
  }

  /** Runs statements as somebody else would. */
  meddle(name: string, sql: string): Promise<unknown> {
    return this.server.query(name, sql);
  }

  authorise(path: string, consent: WriteConsent = {}): Promise<WriteExpectation> {
    return this.guard.authorise(path, 'seed', consent);
  }

  /** Seeds as a command does: checked, then written. */
  async seed(path: string, consent: WriteConsent = {}): Promise<void> {
    await this.write(path, await this.authorise(path, consent));
  }

  /** The write alone, with what was checked before. */
  async write(path: string, expected: WriteExpectation): Promise<void> {
    await seedDatabase(this.writer, path, { now: Date.now(), runId: 'another-run', expected });
  }

  /** The content of every database of this world, which a refusal leaves as it is. */
  async contents(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const name of this.#names) {
      const tables = await this.server
        .query<{ name: string }>(
          name,
          `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
           WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
        )
        .catch(() => []);
      for (const { name: table } of tables) {
        found[`${name} ${table}`] = await this.server.query(
          name,
          `SELECT t::text FROM ${table} t ORDER BY 1`,
        );
      }
    }
    return found;
  }

  async remove(): Promise<void> {
    for (const name of this.#names) await this.server.dropDatabase(name);
  }

  /** Writes in this very process, and notes the changes in the folder. */
  get writer(): DatabaseWriterPort {
    const { folder } = this;
    return {
      perform: (path, operation, params, signal, expected) =>
        new PostgresWriter({
          password: passwordOf(path),
          lockTimeoutMs: 2000,
          origin: () => ({
            author: journalAuthor('command line'),
            folder,
            mark: randomBytes(8).toString('hex'),
            at: Date.now(),
          }),
          afterCommit: (entry, earlier) => new FolderJournal(folder).add(entry, earlier),
        }).perform(path, operation, params, signal, expected),
      create: () => Promise.reject(new Error('A server makes its databases.')),
    };
  }
}

/** A way to be at the wrong database of a server: what leads there, and the refusal it must meet. */
export interface ServerSituation {
  readonly name: string;
  /** Brings the situation about, and gives the write that somebody then tries. */
  readonly arrange: (world: ServerWorld) => Promise<() => Promise<unknown>>;
  readonly code: ErrorCode;
  readonly message: RegExp;
}

/** A world for each test of the running suite. */
export function serverWorld(server: () => PostgresServer): () => ServerWorld {
  const folder = temporaryFolder();
  const reader = suiteReader();
  let world: ServerWorld;
  beforeEach(() => {
    world = new ServerWorld(folder(), server(), reader());
  });
  afterEach(() => world.remove());
  return () => world;
}

/** A test for each situation: it is refused with its code and message, and nothing is written. */
export function refusesAllOf(world: () => ServerWorld, situations: readonly ServerSituation[]): void {
  for (const { name, arrange, code, message } of situations) {
    it(`is refused with "${code}" when ${name}`, async () => {
      const attempt = await arrange(world());
      const before = await world().contents();
      const error = await rejectsWith(code, attempt());
      assert.match(error.message, message);
      assert.deepEqual(await world().contents(), before, 'nothing is written');
    });
  }
}
