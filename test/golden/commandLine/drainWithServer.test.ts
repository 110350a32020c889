import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../support/apiServer.ts';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, draining with an API server', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let server: ApiServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function run(...args: readonly string[]): Promise<CommandLineRun> {
    return runCommandLine(args, { cwd: folder() });
  }

  async function seeded(): Promise<string> {
    await run('init', '--database', 'seed.db');
    await run('seed', '--yes', '--database', 'seed.db');
    return join(folder(), 'seed.db');
  }

  async function drain(options: ApiServerOptions, ...more: readonly string[]): Promise<CommandLineRun> {
    server = await startApiServer(options);
    return run('drain', '--database', 'seed.db', '--batch-size', '1', '--api-url', server.url, ...more);
  }

  it('goes ahead with a server that has this database', async () => {
    const databasePath = await seeded();
    const { exitCode, stdout } = await drain(
      { databasePath, databaseUrl: `sqlite:///${databasePath}` },
      '--yes',
    );
    assert.match(stdout, /Drained 1 phase: 1 succeeded/);
    assert.equal(exitCode, 0);
  });

  it('refuses a server on another database', async () => {
    const databasePath = await seeded();
    await run('init', '--database', 'other.db');
    const other = join(folder(), 'other.db');
    const { exitCode, stderr } = await drain(
      { databasePath: other, databaseUrl: `sqlite:///${other}` },
      '--yes',
    );
    assert.equal(exitCode, 2);
    assert.match(stderr, /does not have .*seed\.db: It lacks the run telemetry-collection-v4/);
    assert.deepEqual(states(databasePath), ['QUEUED']);
  });

  it('asks before it puts a canary run in, and says what it would have asked', async () => {
    const databasePath = await seeded();
    const { exitCode, stderr } = await drain({ databasePath, databaseUrl: 'sqlite:///seed.db' });
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /A confirmation needs a terminal: The API server .* Put a run without phases into .* Pass --yes/,
    );
    assert.deepEqual(states(databasePath), ['QUEUED']);
  });

  it('tells a copy from the database by a canary run, once that is agreed to', async () => {
    const databasePath = await seeded();
    await mkdir(join(folder(), 'elsewhere'));
    const copy = join(folder(), 'elsewhere', 'seed.db');
    await copyFile(databasePath, copy);
    const onCopy = await drain({ databasePath: copy, databaseUrl: 'sqlite:///seed.db' }, '--yes');
    assert.equal(onCopy.exitCode, 2);
    assert.match(onCopy.stderr, /does not know the canary run/);
    assert.deepEqual(states(databasePath), ['QUEUED']);
    await server?.close();
    const onItself = await drain({ databasePath, databaseUrl: 'sqlite:///seed.db' }, '--yes');
    assert.equal(onItself.exitCode, 0);
    assert.deepEqual(states(databasePath), ['COMPLETE', 'QUEUED']);
    const looked = await run('doctor', '--database', 'seed.db', '--api-url', server?.url ?? '');
    assert.match(looked.stdout, /has the selected database: It found a canary run (just now|1 min ago)/);
    assert.equal(looked.exitCode, 0);
  });

  it('refuses a server that does not answer', async () => {
    const databasePath = await seeded();
    const gone = await startApiServer({ databasePath });
    await gone.close();
    const args = ['drain', '--database', 'seed.db', '--api-url', gone.url, '--yes'];
    const { exitCode, stderr } = await run(...args);
    assert.equal(exitCode, 2);
    assert.match(stderr, /does not tell whether it has .*: It could not be asked/);
    assert.deepEqual(states(databasePath), ['QUEUED']);
  });

  it('asks the server of the environment too, before the executor that would use it is started', async () => {
    const databasePath = await seeded();
    await run('init', '--database', 'other.db');
    await mkdir(join(folder(), 'scripts'));
    await writeFile(
      join(folder(), 'scripts', 'drain_one_phase.py'),
      'raise SystemExit("never to be started")\n',
    );
    server = await startApiServer({ databasePath: join(folder(), 'other.db') });
    const env = { AUTOPACK_API_URL: server.url };
    const args = ['drain', '--database', 'seed.db', '--yes', '--python', process.execPath];
    const { exitCode, stderr } = await runCommandLine(args, { cwd: folder(), env });
    assert.equal(exitCode, 2);
    assert.match(stderr, /The API server http.* does not have .*seed\.db/);
    assert.deepEqual(states(databasePath), ['QUEUED']);
  });

  it('is found by doctor to have another database, beside a .env that names another', async () => {
    const databasePath = await seeded();
    await run('init', '--database', 'other.db');
    await writeFile(join(folder(), '.env'), 'DATABASE_URL=sqlite:///other.db\n');
    const before = await readFile(databasePath);
    server = await startApiServer({ databasePath: join(folder(), 'other.db') });
    const { exitCode, stdout } = await run(
      'doctor',
      '--database',
      'seed.db',
      '--api-url',
      server.url,
      '--json',
    );
    assert.equal(exitCode, 1);
    const { findings } = JSON.parse(stdout) as {
      findings: { code: string; message: string; nextStep: string }[];
    };
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['source-changed', 'drift', 'api-server'],
    );
    assert.match(findings[1]?.nextStep ?? '', /^Write DATABASE_URL=sqlite:\/\/\/.*seed\.db into .*\.env\.$/);
    assert.match(findings[2]?.message ?? '', /has another database: It lacks the run/);
    assert.deepEqual(await readFile(databasePath), before);
  });
});

/** The states of the phases, each once. */
function states(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare('SELECT DISTINCT state FROM phases ORDER BY state').all();
  database.close();
  return rows.map(({ state }) => String(state));
}
