import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { findPhaseWorkers } from '../../../src/node/identity/phaseWorkers.ts';
import { existingFileId } from '../../../src/node/writer/placeNewFile.ts';
import { runCommandLine } from '../../support/commandLine.ts';
import { isRunning } from '../../support/processTable.ts';
import { skipBecause } from '../../support/skipBecause.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const program = join(import.meta.dirname, '../../../dist/cli.js');
const database = ['--database', 'seed.db'];

describe('command line, whose drain is not left the time to end', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const started: number[] = [];

  afterEach(() => {
    for (const pid of started.splice(0)) {
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    }
  });

  const start = (...args: readonly string[]): ChildProcessByStdio<null, null, Readable> =>
    spawn(process.execPath, [program, 'drain', '--yes', ...database, ...args], {
      cwd: folder(),
      env: { ...process.env, DATABASE_URL: '', AUTOPACK_EXAMPLE_DELAY_MS: '600000' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });

  /** Begins a drain; answers with it, and with the id of the process that executes the phase. */
  async function begin(): Promise<{ drain: ChildProcessByStdio<null, null, Readable>; executor: number }> {
    await runCommandLine(['init', ...database], { cwd: folder() });
    await runCommandLine(['seed', '--yes', ...database], { cwd: folder() });
    const drain = start();
    for (;;) {
      const workers = await findPhaseWorkers(existingFileId(join(folder(), 'seed.db')));
      const executor = workers?.find(({ runId }) => runId !== null);
      if (executor !== undefined) {
        started.push(executor.pid);
        return { drain, executor: executor.pid };
      }
      assert.equal(drain.exitCode, null);
      await wait(50);
    }
  }

  it('leaves no process behind when Ctrl+C is pressed twice', async function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has no signal to send');
    const { drain, executor } = await begin();
    // A program that hears nothing any more.
    process.kill(executor, 'SIGSTOP');
    drain.kill('SIGINT');
    await wait(100);
    drain.kill('SIGINT');
    assert.deepEqual(await once(drain, 'exit'), [130, null]);
    while (isRunning(executor)) await wait(20);
    const { stdout, exitCode } = await runCommandLine(['doctor', ...database], { cwd: folder() });
    const sessionId = /- drain-killed: .*\(drain --resume (batch-drain-[\d-]+)\)/.exec(stdout)?.[1] ?? '';
    assert.deepEqual([exitCode, sessionId === ''], [1, false], stdout);
    const resumed = await runCommandLine(['drain', '--yes', ...database, '--resume', sessionId], {
      cwd: folder(),
    });
    assert.doesNotMatch(resumed.stderr, /waits for its end/);
    assert.doesNotMatch((await runCommandLine(['doctor', ...database], { cwd: folder() })).stdout, /killed/);
  });

  it('says whom it waits for, when it goes on with a killed drain', async function () {
    if (process.platform === 'win32') skipBecause(this, 'orphans are made with process groups');
    const { drain, executor } = await begin();
    drain.kill('SIGKILL');
    await once(drain, 'exit');
    assert.ok(isRunning(executor));
    const resumed = start('--resume');
    let said = '';
    for await (const text of resumed.stderr.setEncoding('utf8')) {
      said += String(text);
      if (said.includes('waits for its end')) break;
    }
    assert.match(
      said,
      new RegExp(
        String.raw`^warning: Process ${executor} is still at work on the phase\. The drain waits for its end, at most \d+ s; to end that at once, cancel the drain \(Ctrl\+C in a terminal\)\.$`,
        'm',
      ),
    );
    resumed.kill('SIGINT');
    await once(resumed, 'exit');
    assert.equal(isRunning(executor), false);
    assert.ok(!existsSync(join(folder(), 'seed.db.drain-lock')));
  });
});
