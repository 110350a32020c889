import assert from 'node:assert/strict';
import { lazily } from '../../../src/core/lazily.ts';

describe('lazily', () => {
  it('makes a value once, with its first use', () => {
    let made = 0;
    const value = lazily(() => {
      made += 1;
      return null;
    });
    assert.equal(made, 0);
    assert.equal(value(), null);
    assert.equal(value(), null);
    assert.equal(made, 1);
  });

  it('tries again where making it failed', () => {
    let tries = 0;
    const value = lazily(() => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return 'made';
    });
    assert.throws(value, /not yet/);
    assert.equal(value(), 'made');
  });
});
