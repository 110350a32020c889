import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { CancelFlags } from '../../../src/reader/cancelFlags.ts';
import { memory } from '../../../src/reader/memory.ts';

const globals = globalThis as { SharedArrayBuffer?: unknown };

describe('memory of the reader', () => {
  const shared = globals.SharedArrayBuffer;

  it('is shared with threads', () => {
    assert.ok(memory(8) instanceof SharedArrayBuffer);
  });

  describe('in a page that shares none', () => {
    beforeEach(() => {
      delete globals.SharedArrayBuffer;
    });

    afterEach(() => {
      globals.SharedArrayBuffer = shared;
    });

    it('is of one thread alone, and cancelling fails nothing', () => {
      assert.ok(memory(8) instanceof ArrayBuffer);
      const flags = new CancelFlags();
      flags.cancel(7);
      assert.ok(flags.isCancelled(7));
    });
  });
});
