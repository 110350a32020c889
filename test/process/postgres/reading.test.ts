import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../../src/core/errors.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import { DatabaseWatcher, type DatabaseEvent } from '../../../src/node/watch/databaseWatcher.ts';
import type { DatabaseReader } from '../../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from '../../support/databaseReader.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { postgresServer, ownPostgresServer } from '../../support/postgres/usePostgres.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import type { PostgresServer } from '../../support/postgres/postgresServer.ts';

describe('reading PostgreSQL databases', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const server = postgresServer();
  let reader: DatabaseReader;
  let cacheBefore: string | undefined;
  beforeEach(() => {
    cacheBefore = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = join(folder(), 'cache');
    reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  });
  afterEach(async () => {
    await reader.dispose();
    if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cacheBefore;
  });

  async function loaded(on: PostgresServer = server()): Promise<string> {
    const path = join(folder(), 'backlog.db');
    createBacklog(path);
    return loadIntoPostgres(on, `reading-${randomUUID().slice(0, 8)}`, path);
  }

  function pathOf(url: string): string {
    const { location, password } = parsePostgresUrl(url, { user: '' });
    rememberPassword(location.path, password);
    return location.path;
  }

  it('tells of the server in the facts, and of the user and the password no more than the name', async () => {
    const name = await loaded();
    const url = server().url(name, 'reader');
    const { value, version } = await reader.request(pathOf(url), 'identity', null);
    assert.equal(value.journalMode, 'server');
    assert.equal(value.fileId, version.fileId);
    assert.equal(value.server?.user, 'autopack_reader');
    assert.equal(value.server.mayWrite, false);
    assert.equal(value.server.isPooled, false);
    assert.ok(value.sizeBytes > 0);
    assert.ok(
      !JSON.stringify(value).includes('only%20reads') && !JSON.stringify(value).includes('only reads'),
    );
  });

  it('says why it cannot', async () => {
    const name = await loaded();
    const wrong = pathOf(
      server()
        .url(name, 'owner')
        .replace(/:[^:@]*@/, ':wrong@'),
    );
    const refused = await rejectsWith('no-permission', reader.request(wrong, 'listRuns', null));
    assert.doesNotMatch(refused.message, /wrong/);
    await rejectsWith(
      'not-found',
      reader.request(pathOf(server().url('nothing here', 'superuser')), 'listRuns', null),
    );
    await rejectsWith('unreachable', reader.request('postgresql://a@localhost:1/b', 'listRuns', null));
  });

  it('reads through a pooler that knows no options', async () => {
    const name = await loaded();
    const pooler = await refusingOptions(server().port);
    try {
      const path = pathOf(
        `postgresql://postgres@localhost:${(pooler.address() as AddressInfo).port}/${name}?sslmode=disable`,
      );
      const { value } = await reader.request(path, 'listRuns', null);
      assert.ok(value.length > 0);
    } finally {
      pooler.close();
    }
  });

  it('stops when nobody wants the answer, and answers the next question', async () => {
    const name = await loaded();
    const path = pathOf(server().url(name, 'superuser'));
    await server().withClient(name, async (client) => {
      await client.query('BEGIN; LOCK TABLE phases');
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 200);
      await assert.rejects(reader.request(path, 'listRuns', null, abort.signal), CancelledError);
      await client.query('ROLLBACK');
    });
    assert.ok((await reader.request(path, 'listRuns', null)).value.length > 0);
  });

  it('answers many questions at once', async () => {
    const path = pathOf(server().url(await loaded(), 'superuser'));
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        reader.request(path, i % 3 === 0 ? 'identity' : i % 3 === 1 ? 'listRuns' : 'phaseKinds', null),
      ),
    );
    assert.equal(new Set(answers.map(({ version }) => version.token)).size, 1);
  });

  describe('a server that goes and comes', () => {
    const own = ownPostgresServer();

    it('is followed: changes within two seconds, its end and its return', async () => {
      const name = await loaded(own());
      const path = pathOf(own().url(name, 'superuser'));
      const events: (DatabaseEvent & { at: number })[] = [];
      const watcher = new DatabaseWatcher({
        path,
        reader,
        logger: silentLogger,
        pollMs: 300,
        onEvent: (event) => events.push({ ...event, at: performance.now() }),
      });
      const next = async (): Promise<DatabaseEvent> => {
        for (const end = performance.now() + 15_000; performance.now() < end;) {
          const event = events.shift();
          if (event !== undefined) return event;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new UserFacingError('timed-out', 'Nothing happened.', 'Look why.');
      };
      try {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        assert.deepEqual(events, []);
        const begun = performance.now();
        await own().query(name, `UPDATE runs SET tokens_used = tokens_used + 1`);
        assert.equal((await next()).kind, 'changed');
        assert.ok(performance.now() - begun < 2000);
        await own().halt('immediate');
        const gone = await next();
        assert.ok(gone.kind === 'changed' && gone.version === null);
        await own().control('start');
        const back = await next();
        assert.ok(back.kind === 'changed' && back.version !== null);
      } finally {
        watcher.dispose();
      }
    });
  });
});

/** Passes everything on but a start with options, which it refuses as PgBouncer does. */
async function refusingOptions(port: number): Promise<Server> {
  const proxy = createServer((client) => {
    const upstream = connect(port, 'localhost');
    client.once('data', (start: Buffer) => {
      if (start.includes('options\0')) {
        const message = Buffer.from('SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0');
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(message.length + 4, 1);
        client.end(Buffer.concat([head, message]));
        upstream.end();
        return;
      }
      upstream.write(start);
      client.pipe(upstream).pipe(client);
    });
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, 'localhost', resolve));
  return proxy;
}
