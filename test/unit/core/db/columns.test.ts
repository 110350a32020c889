import assert from 'node:assert/strict';
import { ColumnReader, DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import type { SqlValue } from '../../../../src/core/db/databasePorts.ts';

describe('Columns of a row', () => {
  const read = (value: SqlValue) => {
    const warnings = new DecodeWarnings();
    return { column: new ColumnReader('t', { c: value }, warnings), warnings };
  };

  const cases: readonly (readonly ['text' | 'integer' | 'boolean' | 'time' | 'json', SqlValue, unknown])[] = [
    ['text', 'a', 'a'],
    ['text', 7, '7'],
    ['integer', 7, 7],
    ['integer', 7.9, 7],
    ['integer', ' 42 ', 42],
    ['integer', '-3.5', -3],
    ['boolean', 1, true],
    ['boolean', 0, false],
    ['boolean', 'TRUE', true],
    ['boolean', 'f', false],
    ['boolean', '', false],
    ['time', '2025-01-02 03:04:05.678901', Date.UTC(2025, 0, 2, 3, 4, 5, 678)],
    ['time', '2025-01-02T03:04:05+02:00', Date.UTC(2025, 0, 2, 1, 4, 5)],
    ['time', '2025-01-02', Date.UTC(2025, 0, 2)],
    ['time', 1_735_787_045, 1_735_787_045_000],
    ['time', 1_735_787_045_000, 1_735_787_045_000],
    ['time', 1_735_787_045.5, 1_735_787_045_500],
    ['time', -86_400, -86_400_000],
    ['time', '2024-02-29 24:00:00', Date.UTC(2024, 2, 1)],
    ['json', '[1]', [1]],
    ['text', null, null],
  ];
  for (const [type, value, expected] of cases) {
    it(`${JSON.stringify(value)} as ${type}`, () => {
      const { column, warnings } = read(value);
      assert.deepEqual(column[type]('c'), expected);
      assert.deepEqual(warnings.list(), []);
    });
  }

  const odd: readonly (readonly ['text' | 'integer' | 'boolean' | 'time' | 'json', SqlValue, string])[] = [
    ['text', new Uint8Array([1]), 'text'],
    ['integer', 'many', 'a number'],
    ['integer', new Uint8Array([1]), 'a number'],
    ['boolean', 'maybe', 'a boolean'],
    ['time', 'yesterday', 'a timestamp'],
    ['time', '2025-13-45', 'a timestamp'],
    ['time', '2026-02-30', 'a timestamp'],
    ['time', '2025-02-29 10:00:00', 'a timestamp'],
    ['time', '2025-04-31T10:00:00Z', 'a timestamp'],
    ['time', 1e300, 'a timestamp'],
    ['time', -9e15, 'a timestamp'],
    ['time', Infinity, 'a timestamp'],
    ['json', '{', 'JSON'],
  ];
  for (const [type, value, what] of odd) {
    it(`${String(value)} is no ${type}: null and a counted warning`, () => {
      const { column, warnings } = read(value);
      assert.equal(column[type]('c'), null);
      column[type]('c');
      assert.deepEqual(warnings.list(), [{ what: `t.c is not ${what}`, count: 2 }]);
    });
  }

  it('a scope with deliverables as a list, by kind, or as text', () => {
    const deliverables = (value: unknown) =>
      read(JSON.stringify({ deliverables: value })).column.scope('c').deliverables;
    assert.deepEqual(deliverables(['a', 'b']), ['a', 'b']);
    assert.deepEqual(deliverables({ code: ['a'], tests: ['b', 'c'] }), ['a', 'b', 'c']);
    assert.deepEqual(deliverables('a'), ['a']);
    assert.deepEqual(deliverables(undefined), []);
  });

  it('a scope that is none: empty, and a warning', () => {
    const { column, warnings } = read('[1, 2]');
    assert.deepEqual(column.scope('c'), { paths: [], readOnlyContext: [], deliverables: [] });
    assert.deepEqual(warnings.list(), [{ what: 't.c is not a scope', count: 1 }]);
  });
});
