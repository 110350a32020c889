import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { runProgram } from '../../host/runProgram.ts';

describe('runProgram', () => {
  const here = { cwd: tmpdir() };

  it('tells how a program ended and what it said', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
    const { exitCode, output } = await runProgram(process.execPath, ['-e', script], here);
    assert.equal(exitCode, 3);
    assert.match(output, /out\n/);
    assert.match(output, /err\n/);
  });

  it('ends although what the program started and left behind holds its output open', async function () {
    this.timeout(20_000);
    const script = `require('node:child_process')
      .spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], { stdio: 'inherit', detached: true }).unref();
      console.log('said')`;
    const { exitCode, output } = await runProgram(process.execPath, ['-e', script], here);
    assert.equal(exitCode, 0);
    assert.equal(output, 'said\n');
  });

  it('kills the program when it is asked to', async () => {
    const { exitCode, output } = await runProgram(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], {
      ...here,
      signal: AbortSignal.timeout(200),
    });
    assert.equal(exitCode, 1);
    assert.match(output, /ended by SIGKILL/);
  });
});
