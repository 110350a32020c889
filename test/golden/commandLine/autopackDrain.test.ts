import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeAutopackScript } from '../../support/autopackScript.ts';
import { type CommandLineRun, runCommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const phase = (id: string): string => `telemetry-collection-v4/${id}`;

describe("command line, draining with Autopack's script", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const seed = ['--database', 'seed.db'];
  const python = ['--python', process.execPath];

  const run = (...args: readonly string[]): Promise<CommandLineRun> =>
    runCommandLine(args, { cwd: folder() });

  async function seeded(): Promise<string[]> {
    await run('init', ...seed);
    await run('seed', '--yes', ...seed);
    const database = new DatabaseSync(join(folder(), 'seed.db'), { readOnly: true });
    const rows = database.prepare('SELECT phase_id FROM phases ORDER BY phase_index').all();
    database.close();
    return rows.map(({ phase_id }) => String(phase_id));
  }

  beforeEach(() => writeAutopackScript(folder(), 'first-queued'));

  it('says before which phase would really run, asks, and reports that one', async () => {
    const [first = '', , third = ''] = await seeded();
    const wanted = ['--phase', phase(third)];
    const planned = await run('drain', ...seed, ...python, ...wanted, '--dry-run');
    const says = `this drain would execute ${first} in place of ${third}.`;
    assert.ok(planned.stdout.includes(says), planned.stdout);
    const refused = await run('drain', ...seed, ...python, ...wanted);
    assert.equal(refused.exitCode, 2);
    assert.match(
      refused.stderr,
      /A confirmation needs a terminal: Drain 1 phase .* Autopack runs the first queued phase/,
    );
    const drained = await run('drain', ...seed, ...python, ...wanted, '--yes', '--json');
    const { results, notExecuted } = JSON.parse(drained.stdout) as {
      results: { phaseId: string; finalState: string }[];
      notExecuted: { runId: string; phaseId: string }[];
    };
    assert.deepEqual(
      results.map(({ phaseId, finalState }) => [phaseId, finalState]),
      [[first, 'COMPLETE']],
    );
    // Whoever waits for the third must not take the first for it.
    assert.deepEqual(
      notExecuted.map(({ phaseId }) => phaseId),
      [third],
    );
    assert.equal(drained.exitCode, 1);
    const again = await run('drain', ...seed, ...python, ...wanted, '--yes');
    assert.equal(again.exitCode, 1);
    assert.match(
      again.stdout,
      new RegExp(`^Not executed: \\S+ ${third}\\. \\S+ ran in its place; drain it again`, 'm'),
    );
    const itsTurn = await run('drain', ...seed, ...python, ...wanted, '--yes');
    assert.equal(itsTurn.exitCode, 0, itsTurn.stderr);
    assert.doesNotMatch(itsTurn.stdout, /Not executed/);
  });

  it('refuses to go on in another database that lies at the path now', async () => {
    await seeded();
    await run('drain', '--yes', ...seed, ...python, '--batch-size', '5', '--max-total-minutes', '0.0001');
    const made = await run('quickstart', ...seed, '--force', '--executor', 'example', '--batch-size', '1');
    assert.equal(made.exitCode, 0, made.stderr);
    const resumed = await run('drain', '--yes', ...seed, '--resume', '--executor', 'example');
    assert.equal(resumed.exitCode, 2);
    assert.match(
      resumed.stderr,
      /drained the database with the id [\w-]+; at .*seed\.db there is another now, with the id [\w-]+\./,
    );
  });

  it('offers variables with a reason, sets them when told to, and records that', async () => {
    await seeded();
    await mkdir(join(folder(), 'src', 'autopack', 'executor'), { recursive: true });
    await writeFile(
      join(folder(), 'src', 'autopack', 'executor', 'ci_runner.py'),
      'os.getenv("AUTOPACK_SKIP_CI")',
    );
    const offered = await run('drain', ...seed, ...python, '--dry-run');
    assert.match(
      offered.stdout,
      /note: AUTOPACK_SKIP_CI=1 is not set: it skips the tests .* pass --env AUTOPACK_SKIP_CI=1\./,
    );
    const set = ['--env', 'AUTOPACK_SKIP_CI=1', '--batch-size', '1'];
    assert.doesNotMatch(
      (await run('drain', ...seed, ...python, ...set, '--dry-run')).stdout,
      /AUTOPACK_SKIP_CI/,
    );
    const script = join(folder(), 'scripts', 'drain_one_phase.py');
    await writeFile(
      script,
      `console.log('CI ' + process.env.AUTOPACK_SKIP_CI);\n${await readFile(script, 'utf8')}`,
    );
    const { stdout } = await run('drain', '--yes', ...seed, ...python, ...set, '--json');
    const { results, sessionId } = JSON.parse(stdout) as {
      results: { stdoutPath: string }[];
      sessionId: string;
    };
    assert.match(await readFile(results[0]?.stdoutPath ?? '', 'utf8'), /^CI 1$/m);
    const sessions = join(folder(), '.autonomous_runs', 'batch_drain_sessions');
    const facts = await readFile(join(sessions, `hygiene-${sessionId}.json`), 'utf8');
    assert.deepEqual((JSON.parse(facts) as { environment: unknown }).environment, { AUTOPACK_SKIP_CI: '1' });
    const resume = ['--resume', sessionId, '--batch-size', '2'];
    const planned = await run('drain', ...seed, ...python, ...resume, '--dry-run');
    assert.match(planned.stdout, /warning: AUTOPACK_SKIP_CI=1 is set again, as in the session so far\./);
    const resumed = await run('drain', '--yes', ...seed, ...python, ...resume, '--json');
    assert.match(resumed.stderr, /note: AUTOPACK_SKIP_CI=1 is set again, as in the session so far\./);
    const [, second] = (JSON.parse(resumed.stdout) as { results: { stdoutPath: string }[] }).results;
    assert.match(await readFile(second?.stdoutPath ?? '', 'utf8'), /^CI 1$/m);
    const unknown = await run('drain', '--yes', ...seed, ...python, '--env', 'DATABASE_URL=sqlite:///x.db');
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /DATABASE_URL is not a variable that a drain can set/);
  });

  it('runs the quickstart in a workspace of the real thing, with every option of a drain', async () => {
    const some = await run(
      'quickstart',
      ...seed,
      ...python,
      '--batch-size',
      '3',
      '--phase-timeout-seconds',
      '50',
    );
    assert.equal(some.exitCode, 0, some.stderr);
    assert.match(some.stdout, /Drained 3 phases: 3 succeeded/);
    const again = await run('quickstart', ...seed, ...python, '--yes');
    assert.equal(again.exitCode, 2, '--yes does not mean --force');
    assert.match(again.stderr, /There is a file at .* already.*--force/s);
    assert.deepEqual(
      (await readdir(folder())).filter((name) => name.endsWith('.bak')),
      [],
    );
  });

  it('says how to start a server on the new database, where a phase found none and where it was asked to use one', async () => {
    await writeAutopackScript(folder(), 'no-server');
    const command =
      /DATABASE_URL=\S*seed\.db PYTHONPATH=src \S+ -m uvicorn autopack\.main:app --host 127\.0\.0\.1 --port \d+/;
    const none = await run('quickstart', ...seed, ...python, '--batch-size', '1');
    assert.match(none.stdout, command);
    assert.match(none.stdout, /resume the session with --api-url/);
    const there = await run(
      'quickstart',
      '--database',
      'new.db',
      ...python,
      '--yes',
      '--api-url',
      'http://127.0.0.1:9',
    );
    assert.equal(there.exitCode, 2);
    assert.match(
      there.stderr,
      /Nothing answers at http:\/\/127\.0\.0\.1:9\. The database is made and seeded\./,
    );
    assert.match(there.stderr, /-m uvicorn autopack\.main:app --host 127\.0\.0\.1 --port 9\)/);
  });
});
