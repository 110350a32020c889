import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { builtAnswer } from '../../support/models/builtAnswer.ts';
import { startModelServer, type ModelServer } from '../../support/models/modelServer.ts';
import { createAutopackTables } from '../../support/postgres/loadDatabase.ts';
import { adoptedOnServer, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

// With the command line as it is built: node esbuild.mjs
describe('a drain of a PostgreSQL database by several workers', function () {
  this.timeout(120_000);
  const server = postgresServer();
  const folder = temporaryFolder();
  const key = 'sk-canary-0123456789abcdef';
  let models: ModelServer;
  let delayMs = 0;

  beforeEach(async () => {
    delayMs = 0;
    models = await startModelServer((asked, index) => ({
      ...builtAnswer(asked, { uncached: 1400 + index, cached: 100, output: 900 }),
      delayMs,
    }));
  });
  afterEach(() => models.close());

  async function seeded(name: string): Promise<string> {
    await server().createDatabase(name);
    await server().withClient(name, (client) => createAutopackTables(client), 'owner');
    await adoptedOnServer(server(), name, serverWriter(folder()), 'seed');
    const url = server().url(name);
    const run = await cli(url, 'seed', '--yes');
    assert.equal(run.exitCode, 0, run.stderr);
    return url;
  }
  const environment = (url: string): Record<string, string> => ({
    ...{
      DATABASE_URL: url,
      OPENAI_API_KEY: '',
      OPENAI_BASE_URL: '',
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_BASE_URL: '',
    },
    AUTOPACK_HYGIENE_API_KEY: key,
  });
  const cli = (url: string, ...args: string[]): Promise<CommandLineRun> =>
    runCommandLine(args, { cwd: folder(), env: environment(url) });
  const drainArgs = (): string[] => [
    ...['drain', '--yes', '--write', '--executor', 'endpoint', '--provider', 'openai'],
    ...['--base-url', models.baseUrl, '--model', 'test-model'],
  ];

  it('executes each phase once, and is one session', async () => {
    const url = await seeded('drain workers');
    const run = await cli(url, ...drainArgs(), '--workers', '3');
    assert.equal(run.exitCode, 0, `${run.stdout}\n${run.stderr}\n${await logs()}`);
    assert.match(run.stdout, /Drained 10 phases: 10 succeeded/);
    const ends = await server().query(
      'drain workers',
      'SELECT phase_id FROM phase_outcome_events GROUP BY 1 HAVING count(*) = 1',
    );
    assert.equal(ends.length, 10);
    const workers = await server().query<{ role: string; n: number }>(
      'drain workers',
      'SELECT role, count(*)::int AS n FROM autopack_hygiene.workers GROUP BY 1 ORDER BY 1',
    );
    assert.deepEqual(workers, [
      { role: 'leader', n: 1 },
      { role: 'worker', n: 3 },
    ]);
    const sessions = await cli(url, 'sessions', '--json');
    const [session] = (JSON.parse(sessions.stdout) as { sessions: { standing: string; succeeded: number }[] })
      .sessions;
    assert.deepEqual([session?.standing, session?.succeeded], ['complete', 10]);
    for (const text of [run.stdout, run.stderr, sessions.stdout, await logs()]) {
      assert.ok(!text.includes('w@rd') && !text.includes('w%40rd'), text);
      assert.ok(!text.includes(key));
    }
  });

  it('can be joined by another program, and is refused a second time', async () => {
    const url = await seeded('drain joined');
    delayMs = 400;
    const first = cli(url, ...drainArgs());
    const id = await eventually(async () => {
      const rows = await server()
        .query<{ id: string }>('drain joined', 'SELECT drain AS id FROM autopack_hygiene.workers')
        .catch(() => []);
      return rows[0]?.id;
    });
    const second = await cli(url, ...drainArgs());
    assert.equal(second.exitCode, 2);
    assert.match(
      second.stderr,
      new RegExp(`Another drain of this database is under way: .*drain --join ${id}`),
    );
    const joined = await cli(url, ...drainArgs(), '--join', id);
    assert.equal(joined.exitCode, 0, joined.stderr);
    const run = await first;
    assert.match(run.stdout, /Drained 10 phases: 10 succeeded/);
    const shares = await server().query<{ n: number }>(
      'drain joined',
      'SELECT count(*)::int AS n FROM autopack_hygiene.results GROUP BY worker',
    );
    assert.equal(shares.length, 2, JSON.stringify(shares));
  });

  it('ends in good order with all its workers when it is cancelled, and goes on where it was', async () => {
    const url = await seeded('drain cancelled');
    delayMs = 1500;
    const child = spawn(
      process.execPath,
      ['dist/cli.js', ...drainArgs(), '--workers', '2', '--workspace', folder()],
      {
        env: { ...process.env, ...environment(url) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await eventually(async () => {
      const rows = await server()
        .query('drain cancelled', 'SELECT 1 FROM autopack_hygiene.leases WHERE ended_at IS NULL')
        .catch(() => []);
      return rows.length === 1 ? 'yes' : undefined;
    });
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    const states = await server().query('drain cancelled', "SELECT 1 FROM phases WHERE state <> 'QUEUED'");
    assert.deepEqual(states, []);
    delayMs = 0;
    const run = await cli(url, ...drainArgs(), '--resume', '--workers', '2');
    assert.match(run.stdout, /10 succeeded/, run.stderr);
  });

  it('is refused for a SQLite database', async () => {
    const made = await cli('', 'init', '--database', 'file.db');
    assert.equal(made.exitCode, 0, made.stderr);
    const run = await cli('', ...drainArgs(), '--workers', '2', '--database', 'file.db');
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /one process, one drain at a time/);
  });

  async function logs(): Promise<string> {
    const { readFile } = await import('node:fs/promises');
    const root = join(folder(), '.autonomous_runs');
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((each) => each.isFile() && /\.(?:log|json|txt)$/.test(each.name))
      .map((each) => readFile(join(each.parentPath, each.name), 'utf8'));
    return (await Promise.all(texts)).join('\n');
  }
});

async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + 30_000; ;) {
    const found = await ask();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, 'It took too long.');
    await wait(50);
  }
}
