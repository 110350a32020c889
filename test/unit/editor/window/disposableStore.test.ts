import assert from 'node:assert/strict';
import { DisposableStore } from '../../../../src/editor/window/disposableStore.ts';

describe('DisposableStore', () => {
  const disposed: string[] = [];
  const named = (name: string): { dispose: () => void } => ({ dispose: () => void disposed.push(name) });
  beforeEach(() => disposed.splice(0));

  it('disposes what it owns once, the last first', () => {
    const store = new DisposableStore();
    store.add(named('first'));
    store.add(named('second'));
    store.dispose();
    store.dispose();
    assert.deepEqual(disposed, ['second', 'first']);
  });

  it('disposes at once what comes after its end', () => {
    const store = new DisposableStore();
    store.dispose();
    store.add(named('late'));
    assert.deepEqual(disposed, ['late']);
  });

  it('owns anew after it was cleared, until its end', () => {
    const store = new DisposableStore();
    store.add(named('first'));
    store.clear();
    store.add(named('second'));
    assert.deepEqual(disposed, ['first']);
    store.dispose();
    assert.deepEqual(disposed, ['first', 'second']);
  });
});
