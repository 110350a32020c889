import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { allocateMemory, CancelFlags } from '../../../src/reader/sharedMemory.ts';

const globals = globalThis as { SharedArrayBuffer?: unknown };

describe('memory of the reader', () => {
  const shared = globals.SharedArrayBuffer;

  it('is shared with threads', () => {
    assert.ok(allocateMemory(8) instanceof SharedArrayBuffer);
  });

  describe('in a page that shares none', () => {
    beforeEach(() => {
      delete globals.SharedArrayBuffer;
    });

    afterEach(() => {
      globals.SharedArrayBuffer = shared;
    });

    it('is of one thread alone, and cancelling fails nothing', () => {
      assert.ok(allocateMemory(8) instanceof ArrayBuffer);
      const flags = new CancelFlags();
      flags.cancel(7);
      assert.ok(flags.isCancelled(7));
    });
  });
});
