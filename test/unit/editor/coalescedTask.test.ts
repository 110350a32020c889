import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CoalescedTask } from '../../../src/editor/window/disposableStore.ts';

describe('CoalescedTask', () => {
  it('runs once more for everything asked while it runs', async () => {
    const ends: (() => void)[] = [];
    let started = 0;
    const task = new CoalescedTask(() => {
      started += 1;
      return new Promise((resolve) => ends.push(resolve));
    });
    const first = task.run();
    const second = task.run();
    const third = task.run();
    assert.equal(second, third);
    assert.equal(started, 1);
    ends.shift()?.();
    await first;
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(started, 2);
    ends.shift()?.();
    await third;
    assert.equal(started, 2);
  });

  it('never runs twice at once, whenever it is asked', async () => {
    let running = 0;
    let most = 0;
    const task = new CoalescedTask(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
    });
    const asked: Promise<void>[] = [];
    for (let turn = 0; turn < 200; turn += 1) {
      asked.push(task.run());
      if (turn % 3 === 0) await Promise.resolve();
    }
    await Promise.all(asked);
    assert.equal(most, 1);
  });

  it('goes on after a failure, which its own caller gets', async () => {
    let runs = 0;
    const task = new CoalescedTask(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    const first = task.run();
    const second = task.run();
    await assert.rejects(first, /no/);
    await second;
    assert.equal(runs, 2);
  });
});
