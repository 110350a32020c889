import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine, story } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('command line, runs and phases', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const database = ['--database', 'backlog.db'];

  it('lists runs and phases as the trees show them, filtered and page by page', async () => {
    createBacklog(join(folder(), 'backlog.db'));
    const text = await story(
      folder(),
      ['runs', ...database],
      ['runs', ...database, '--state', 'failed', '--limit', '1'],
      ['runs', ...database, '--match', 'nothing like it'],
      ['runs', ...database, '--offset', '7'],
      ['runs', ...database, '--category', 'tests', '--format', 'md'],
      ['runs', ...database, '--limit', '1', '--json'],
      ['phases', 'build-1', ...database],
      ['phases', 'build-1', ...database, '--state', 'FAILED', '--json'],
      ['phases', 'build-9', ...database],
      ['phase', 'build-1', 'parser', ...database],
      ['phase', 'build-1/parser', ...database, '--format', 'md'],
      ['phase', 'build-1', 'mail', ...database],
      ['phase', 'build-1', 'parser', ...database, '--json'],
      ['phase', 'build-1', ...database],
      ['phase', 'build-1', 'nowhere', ...database],
    );
    assertGolden(join(import.meta.dirname, 'runs.txt'), text);
  });

  it('tells of a phase what drains of the folder know, and where its logs are', async () => {
    const seed = ['--database', 'seed.db'];
    for (const args of [['init'], ['seed', '--yes'], ['drain', '--batch-size', '1', '--yes']]) {
      await runCommandLine([...args, ...seed], { cwd: folder() });
    }
    const phase = ['phase', 'telemetry-collection-v4', 'telemetry-p1-string-util', ...seed];
    const { stdout } = await runCommandLine([...phase, '--json'], { cwd: folder() });
    const told = JSON.parse(stdout) as {
      readonly telemetryEvents: readonly unknown[];
      readonly executions: readonly { readonly finalState: string; readonly stderrPath: string }[];
    };
    assert.equal(told.telemetryEvents.length, 1);
    assert.equal(told.executions[0]?.finalState, 'COMPLETE');
    const text = (await runCommandLine(phase, { cwd: folder() })).stdout;
    assert.ok(text.includes(`\n  ${told.executions[0].stderrPath}\n`), text);
  });

  it('finds the reason of a failure where the database has none', async () => {
    const path = join(folder(), 'seed.db');
    for (const args of [['init'], ['seed', '--yes']]) {
      await runCommandLine([...args, '--database', 'seed.db'], { cwd: folder() });
    }
    await mkdir(join(folder(), 'scripts'));
    await writeFile(
      join(folder(), 'scripts/drain_one_phase.py'),
      'raise SystemExit("no module named shop")\n',
    );
    const drain = ['drain', '--database', 'seed.db', '--batch-size', '1', '--executor', 'autopack', '--yes'];
    await runCommandLine(drain, { cwd: folder() });
    const opened = new DatabaseSync(path);
    opened.exec("UPDATE phases SET state = 'FAILED', last_failure_reason = NULL");
    opened.close();
    const phase = ['phase', 'telemetry-collection-v4', 'telemetry-p1-string-util', '--database', 'seed.db'];
    const { stdout } = await runCommandLine(phase, { cwd: folder() });
    assert.match(stdout, /Why it failed\n\n.*no module named shop[^]*\n\nSource: the drain batch-drain-/);
  });

  it('masks and escapes what a database holds', async () => {
    const path = join(folder(), 'hostile.db');
    createBacklog(path);
    const opened = new DatabaseSync(path);
    opened.prepare('UPDATE runs SET goal_anchor = ?').run('\u001b[2Jgoal\u202e https://u:secret@host/');
    opened.close();
    const { stdout } = await runCommandLine(
      ['phases', 'build-1', '--database', 'hostile.db', '--color', 'always'],
      {
        cwd: folder(),
      },
    );
    assert.match(stdout, /Goal +\\x1b\[2Jgoal\\u202e https:\/\/\S*@host/);
    assert.doesNotMatch(stdout, /secret/);
    assert.ok(stdout.includes('\u001b[31mFAILED\u001b[39m'), stdout);
  });
});
