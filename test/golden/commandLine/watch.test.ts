import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine, withoutAgent } from '../../support/commandLine.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');

/** The command line while it runs. */
function start(args: readonly string[], cwd: string, delayMs = 0) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...withoutAgent(), DATABASE_URL: '', TZ: 'UTC', AUTOPACK_EXAMPLE_DELAY_MS: String(delayMs) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (shown += text));
  }
  const ended = once(child, 'close') as Promise<[code: number | null]>;
  const shows = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(shown)) {
      const chunk = Promise.race([
        once(child.stdout, 'data'),
        once(child.stderr, 'data'),
        ended.then(() => null),
      ]);
      if ((await chunk) === null) assert.match(shown, pattern);
    }
  };
  return { child, ended, shows, shown: () => shown };
}

describe('watching from a terminal', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('lists runs again with each commit of another program, until Ctrl+C', async () => {
    const path = join(folder(), 'backlog.db');
    createBacklog(path);
    const watched = start(['runs', '--database', 'backlog.db', '--watch', '--state', 'QUEUED'], folder());
    await watched.shows(/1 of 3 runs matches\./);
    const database = new DatabaseSync(path);
    database.exec("UPDATE phases SET state = 'QUEUED' WHERE run_id = 'build-1'");
    database.close();
    await watched.shows(/2 of 3 runs match\./);
    watched.child.kill('SIGINT');
    assert.deepEqual(await watched.ended, [0, null]);
  });

  it('prints one line of JSON for each list', async () => {
    createBacklog(join(folder(), 'backlog.db'));
    const watched = start(['runs', '--database', 'backlog.db', '--watch', '--json'], folder());
    await watched.shows(/\}\n$/);
    watched.child.kill('SIGINT');
    await watched.ended;
    const [line, ...rest] = watched.shown().trimEnd().split('\n');
    assert.deepEqual(rest, []);
    assert.equal((JSON.parse(line ?? '') as { readonly runsInAll: number }).runsInAll, 3);
  });

  it('follows a drain of another terminal to its end, and lets go of it on Ctrl+C without ending it', async () => {
    const database = ['--database', 'seed.db'];
    for (const args of [['init'], ['seed', '--yes']]) {
      await runCommandLine([...args, ...database], { cwd: folder() });
    }
    const drain = start(
      ['drain', ...database, '--batch-size', '4', '--executor', 'example', '--yes'],
      folder(),
      1500,
    );
    await drain.shows(/\[1\/4\]/);
    const left = start(['sessions', '--watch'], folder());
    await left.shows(/Following the drain of .*seed\.db; Ctrl\+C leaves it alone\./);
    left.child.kill('SIGINT');
    assert.deepEqual(await left.ended, [130, null]);
    assert.match(left.shown(), /The drain goes on\./);
    const followed = start(['sessions', '--watch'], folder());
    assert.deepEqual(await followed.ended, [0, null]);
    assert.match(followed.shown(), /\[4\/4\] .*\n.*COMPLETE[^]*Drained 4 phases: 4 succeeded/);
    assert.deepEqual(await drain.ended, [0, null]);
    const none = await runCommandLine(['sessions', '--watch'], { cwd: folder() });
    assert.equal(none.exitCode, 2);
    assert.match(none.stderr, /No drain is running in /);
  });
});
