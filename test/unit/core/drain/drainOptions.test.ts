import assert from 'node:assert/strict';
import { drainDefaults, resolveDrainOptions, scopeOf } from '../../../../src/core/drain/drainOptions.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';

describe('resolveDrainOptions', () => {
  it('fills in the defaults of the reference', () => {
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
    assert.deepEqual(scopeOf(resolveDrainOptions({ phaseKeys: keys })), { kind: 'phases', keys });
  });
});
