import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionResult } from '../../../../src/core/model/execution.ts';
import { runChild } from '../../../../src/node/drain/runChild.ts';
import { isRunning } from '../../../support/processTable.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** Prints the ids of itself and of a grandchild that lasts; both are deaf where `deaf` is set. */
function family(deaf: boolean, detached: boolean): string {
  const deafen = deaf ? `process.on('SIGTERM', () => {});` : '';
  const grandchild = `${deafen} setInterval(() => {}, 1000); process.stdout.write('ready');`;
  return `${deafen}
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], {
      stdio: ['ignore', 'pipe', 'inherit'], detached: ${detached} });
    child.stdout.once('data', () => console.log(JSON.stringify([process.pid, child.pid])));
    setInterval(() => {}, 1000);`;
}

describe('runChild', function () {
  this.timeout(15_000);
  const folder = temporaryFolder();
  const logs = (): { stdoutPath: string; stderrPath: string } => ({
    stdoutPath: join(folder(), 'out.txt'),
    stderrPath: join(folder(), 'err.txt'),
  });

  function run(
    script: string,
    timeoutMs = 10_000,
    signal = new AbortController().signal,
  ): Promise<ExecutionResult> {
    const command = { program: process.execPath, args: ['-e', script], env: process.env };
    const phase = {
      runId: 'r',
      phaseId: 'p',
      databasePath: join(folder(), 'x.db'),
      workspaceFolder: folder(),
    };
    return runChild(command, { ...phase, timeoutMs, ...logs() }, signal);
  }

  async function printedIds(): Promise<number[]> {
    for (;;) {
      const text = await readFile(logs().stdoutPath, 'utf8').catch(() => '');
      if (text.endsWith('\n')) return JSON.parse(text) as number[];
      await wait(20);
    }
  }

  it('reports exit codes, the working folder and the whole output', async () => {
    const result = await run(`console.log(process.cwd()); console.error('oh'); process.exitCode = 3`);
    assert.equal(result.outcome, 'exited');
    assert.equal(result.exitCode, 3);
    assert.equal(result.stdoutTail.trim(), folder());
    assert.equal(await readFile(logs().stderrPath, 'utf8'), 'oh\n');
    assert.ok(result.durationMs > 0);
  });

  it('reports a child that a signal ended by a missing exit code', async () => {
    const result = await run(`process.kill(process.pid, 'SIGKILL')`);
    assert.deepEqual([result.outcome, result.exitCode], ['exited', null]);
  });

  it('says what cannot be started', async () => {
    const request = {
      runId: 'r',
      phaseId: 'p',
      databasePath: '/x.db',
      workspaceFolder: folder(),
      timeoutMs: 1000,
      ...logs(),
    };
    const command = { program: join(folder(), 'no-such-python'), args: [], env: {} };
    const result = await runChild(command, request, new AbortController().signal);
    assert.equal(result.outcome, 'failed-to-start');
    assert.match(result.stderrTail, /ENOENT/);
  });

  it('starts nothing once cancelled', async () => {
    const result = await run(`require('node:fs').writeFileSync('trace', '')`, 1000, AbortSignal.abort());
    assert.equal(result.outcome, 'cancelled');
    await assert.rejects(stat(join(folder(), 'trace')));
  });

  it('ends at the time limit', async () => {
    const result = await run(`console.log('working'); setInterval(() => {}, 1000)`, 300);
    assert.deepEqual([result.outcome, result.exitCode, result.stdoutTail], ['timed-out', null, 'working\n']);
    assert.ok(result.durationMs >= 300 && result.durationMs < 2300, `${result.durationMs} ms`);
  });

  for (const [name, deaf, detached] of [
    ['a grandchild', false, false],
    ['a child and a grandchild that ignore SIGTERM', true, false],
    ['a grandchild in a session of its own that ignores SIGTERM', true, true],
  ] as const) {
    it(`ends ${name} within two seconds of a cancellation`, async () => {
      const control = new AbortController();
      const running = run(family(deaf, detached), 10_000, control.signal);
      const ids = await printedIds();
      assert.deepEqual(ids.map(isRunning), [true, true]);
      const cancelledAt = performance.now();
      control.abort();
      const result = await running;
      const took = performance.now() - cancelledAt;
      assert.equal(result.outcome, 'cancelled');
      assert.deepEqual(ids.map(isRunning), [false, false]);
      assert.ok(took < 2000, `it took ${took} ms`);
    });
  }

  it('ends what a child leaves behind when it ends by itself', async () => {
    const result = await run(`
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      child.unref();
      console.log(child.pid);
      process.exit(0);`);
    assert.deepEqual([result.outcome, result.exitCode], ['exited', 0]);
    assert.equal(isRunning(Number(result.stdoutTail)), false);
  });

  it('survives bytes that are not UTF-8, and characters cut in half', async () => {
    const result = await run(`process.stdout.write(Buffer.from([0x41, 0xff, 0xfe, 0x42]));
      process.stderr.write('é'.repeat(5000) + 'x')`);
    assert.equal(result.stdoutTail, 'A\ufffd\ufffdB');
    assert.match(result.stderrTail, /^é+x$/);
  });
});
