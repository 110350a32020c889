import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AnsweringProgram } from '../../../../src/node/builders/answeringProgram.ts';
import { keylessEnvironment } from '../../../../src/node/builders/boundedChild.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const never = new AbortController().signal;

describe('A program that answers', () => {
  const folder = temporaryFolder();
  const node = (script: string, timeoutMs = 20_000, program = process.execPath): AnsweringProgram =>
    new AnsweringProgram({
      ...{ program, args: ['-e', script], timeoutMs, folder: folder() },
      environment: keylessEnvironment(),
    });
  const echo = "process.stdin.on('data', (text) => process.stdout.write(process.pid + ' ' + text))";

  it('answers one question after the other, the same one', async () => {
    const program = node(echo);
    const [first, second] = [await program.ask('a', never), await program.ask('b', never)];
    assert.ok(first.outcome === 'answered' && second.outcome === 'answered');
    assert.equal(first.line.replace(' a', ' b'), second.line);
    assert.ok(program.isWaiting);
    await program.end();
    assert.ok(!program.isWaiting);
    assert.deepEqual(await program.ask('c', never), { outcome: 'ended' });
  });

  it('is ended when it takes too long, answers too much, or at the signal', async () => {
    const silent = node('process.stdin.resume()', 300);
    assert.deepEqual(await silent.ask('a', never), { outcome: 'timed-out' });
    const endless = node("setInterval(() => process.stdout.write('x'.repeat(1e6)))");
    assert.deepEqual(await endless.ask('a', never), { outcome: 'ended' });
    const controller = new AbortController();
    const waiting = node('process.stdin.resume()');
    setTimeout(() => controller.abort(), 200);
    await rejectsWith('cancelled', waiting.ask('a', controller.signal));
    await rejectsWith('cancelled', node(echo).ask('a', controller.signal));
    for (const program of [silent, endless, waiting]) assert.ok(!program.isWaiting);
  });

  it('is said to have ended by itself, or not to have started', async () => {
    assert.deepEqual(await node("process.stdin.on('data', () => process.exit())").ask('a', never), {
      outcome: 'ended',
    });
    const missing = node('', 1000, join(folder(), 'nothing'));
    assert.deepEqual(await missing.ask('a', never), { outcome: 'failed-to-start' });
  });
});
