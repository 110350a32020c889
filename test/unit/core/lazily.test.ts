import assert from 'node:assert/strict';
import { lazily, loadOnce } from '../../../src/core/lazily.ts';

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

describe('what is loaded once', () => {
  it('is loaded with its first use, however many wait for it', async () => {
    let loads = 0;
    const value = loadOnce(() => Promise.resolve((loads += 1)));
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([value(), value()]), [1, 1]);
    assert.equal(await value(), 1);
  });

  it('is loaded again where that failed', async () => {
    let loads = 0;
    const value = loadOnce(() =>
      (loads += 1) === 1 ? Promise.reject(new Error('EMFILE')) : Promise.resolve('loaded'),
    );
    await assert.rejects(value(), /EMFILE/);
    assert.equal(await value(), 'loaded');
  });
});
