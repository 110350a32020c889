import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { runStages } from '../../runner/runStages.ts';
import { checkResult, type Stage } from '../../runner/stage.ts';
import { total } from '../../runner/summary.ts';

describe('runStages', () => {
  const quiet = (): void => undefined;
  const stage = (name: string, good: boolean, more: Partial<Stage> = {}): Stage => ({
    name,
    what: name,
    run: () => Promise.resolve(checkResult(good, '')),
    ...more,
  });
  const failures = async (...stages: Stage[]): Promise<string[]> =>
    (await runStages(stages, quiet)).filter(({ result }) => result.failed > 0).map(({ name }) => name);

  it('fails what needs a failed stage without running it, and goes on with the rest', async () => {
    const never = () => assert.fail('it ran');
    const needy = stage('needy', true, { needs: ['broken'], alone: true, run: never });
    assert.deepEqual(await failures(stage('broken', false), needy, stage('other', true)), [
      'broken',
      'needy',
    ]);
  });

  it('counts a stage that throws as failed', async () => {
    const thrown = stage('thrown', true, { run: () => Promise.reject(new Error('no')) });
    assert.deepEqual(await failures(thrown, stage('other', true)), ['thrown']);
  });

  it('gives up a stage that hangs, tells it so, and goes on', async () => {
    let told = false;
    const run = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise<never>(() => undefined);
    };
    assert.deepEqual(await failures(stage('hung', true, { run, longestMs: 20 }), stage('other', true)), [
      'hung',
    ]);
    assert.equal(told, true);
  });

  it('gives a stage that asks for it the machine for itself', async () => {
    let running = 0;
    let most = 0;
    const run = async () => {
      most = Math.max(most, ++running);
      await delay(10);
      running--;
      return checkResult(true, '');
    };
    await runStages([stage('a', true, { run, alone: true }), stage('b', true, { run, alone: true })], quiet);
    assert.equal(most, 1);
    await runStages([stage('a', true, { run }), stage('b', true, { run })], quiet);
    assert.equal(most, 2);
  });

  it('starts a stage when those it needs have ended, though it had room before', async () => {
    const ended: string[] = [];
    const run = async (name: string, ms: number) => {
      await delay(ms);
      ended.push(name);
      return checkResult(true, '');
    };
    const slow = stage('slow', true, { run: () => run('slow', 30) });
    const needy = stage('needy', true, { needs: ['slow'], run: () => run('needy', 0) });
    await runStages([slow, needy], quiet);
    assert.deepEqual(ended, ['slow', 'needy']);
  });

  it('adds up what the stages found', async () => {
    const finished = await runStages([stage('a', true), stage('b', false), stage('c', true)], quiet);
    const { passed, failed } = total(finished);
    assert.deepEqual([passed, failed], [2, 1]);
  });
});
