import assert from 'node:assert/strict';
import { hygieneSession, storedResult } from '../../../../src/core/drain/hygieneSession.ts';
import { canaryVerdict } from '../../../../src/core/identity/apiVerdict.ts';
import { databasePin } from '../../../../src/core/identity/databasePin.ts';
import { epochMs, fileTime } from '../../../../src/core/model/timestamp.ts';

describe('times of files that others could have written', () => {
  const last = 8.64e15;

  it('are those that a date can show', () => {
    for (const ms of [0, -1, 1.5, last, -last]) {
      assert.equal(epochMs.safeParse(ms).success, true, String(ms));
      new Date(ms).toISOString();
    }
    for (const ms of [last + 1, -last - 1, 1e300, Infinity, NaN, '0', null])
      assert.equal(epochMs.safeParse(ms).success, false, String(ms));
  });

  for (const [name, schema, fields] of [
    ['a session', hygieneSession, ['startedAt']],
    ['a result', storedResult, ['startedAt', 'finishedAt']],
    ['a pin', databasePin, ['pinnedAt']],
    ['a canary verdict', canaryVerdict, ['askedAt']],
  ] as const) {
    it(`are refused where ${name} has another`, () => {
      const { error } = schema.safeParse(Object.fromEntries(fields.map((field) => [field, last + 1])));
      const tooBig = error?.issues.filter(({ code }) => code === 'too_big').map(({ path }) => path[0]);
      assert.deepEqual(tooBig, fields);
    });
  }

  it('are cut where a file system keeps any number', () => {
    assert.equal(fileTime(1e18), last);
    assert.equal(fileTime(-1e18), -last);
    assert.equal(fileTime(1.5), 1.5);
  });
});
