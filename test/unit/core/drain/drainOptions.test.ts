import assert from 'node:assert/strict';
import { drainDefaults, resolveDrainOptions, scopeOf } from '../../../../src/core/drain/drainOptions.ts';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

describe('resolveDrainOptions', () => {
  it('fills in the defaults of Autopack', () => {
    assert.deepEqual(resolveDrainOptions({ batchSize: undefined }), drainDefaults);
    assert.deepEqual([drainDefaults.batchSize, drainDefaults.phaseTimeoutSeconds], [10, 900]);
  });

  it('refuses what makes no sense', () => {
    for (const wrong of [
      { batchSize: 0 },
      { batchSize: 1.5 },
      { maxAttemptsPerPhase: -1 },
      { phaseTimeoutSeconds: Number.NaN },
      { phaseTimeoutSeconds: 1e7 },
      { maxTotalMinutes: 0 },
      { runId: 'r', phaseKeys: [] },
      { match: anyPhase, phaseKeys: [] },
    ]) {
      assert.throws(
        () => resolveDrainOptions(wrong),
        (error) => error instanceof UserFacingError && error.code === 'invalid-argument',
        JSON.stringify(wrong),
      );
    }
    assert.equal(resolveDrainOptions({ maxTotalMinutes: 0.5 }).maxTotalMinutes, 0.5);
  });

  it('knows what the drain is about', () => {
    const keys = [{ runId: 'r', phaseId: 'p' }];
    assert.deepEqual(scopeOf(drainDefaults), { kind: 'all' });
    assert.deepEqual(scopeOf({ ...drainDefaults, runId: 'r' }), { kind: 'run', runId: 'r' });
    const match = { ...anyPhase, text: 'auth' };
    assert.deepEqual(scopeOf({ ...drainDefaults, match }), { kind: 'all', match });
    assert.deepEqual(scopeOf({ ...drainDefaults, runId: 'r', match }), { kind: 'run', runId: 'r', match });
    assert.deepEqual(scopeOf({ ...drainDefaults, match: anyPhase }), { kind: 'all' });
    assert.deepEqual(scopeOf(resolveDrainOptions({ phaseKeys: keys })), { kind: 'phases', keys });
  });
});
