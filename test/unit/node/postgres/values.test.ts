import assert from 'node:assert/strict';
import {
  copiedValues,
  toServerText,
  toSqliteValue,
  valueKind,
  type ValueKind,
} from '../../../../src/node/postgres/values.ts';

describe('values of a PostgreSQL server', () => {
  const kinds: readonly (readonly [type: string, kind: ValueKind])[] = [
    ['integer', 'integer'],
    ['bigint', 'integer'],
    ['numeric(10,2)', 'real'],
    ['double precision', 'real'],
    ['boolean', 'boolean'],
    ['timestamp without time zone', 'timestamp'],
    ['timestamp(3) with time zone', 'timestamp'],
    ['bytea', 'bytes'],
    ['character varying(33)', 'text'],
    ['jsonb', 'text'],
    ['uuid', 'text'],
    ['integer[]', 'text'],
    ['numeric(10,2)[]', 'text'],
    ['double precision[]', 'text'],
    ['timestamp without time zone[]', 'text'],
    ['date', 'text'],
  ];
  for (const [type, kind] of kinds) {
    it(`takes ${type} for ${kind}`, () => assert.equal(valueKind({ type, isEnum: false }), kind));
  }

  it('are those that SQLAlchemy writes to SQLite', () => {
    assert.equal(toSqliteValue('timestamp', '2026-01-02 03:04:05'), '2026-01-02 03:04:05.000000');
    assert.equal(toSqliteValue('timestamp', '2026-01-02 03:04:05.06'), '2026-01-02 03:04:05.060000');
    assert.equal(toSqliteValue('timestamp', '2026-01-02 03:04:05.123456+00'), '2026-01-02 03:04:05.123456');
    assert.equal(toSqliteValue('timestamp', 'infinity'), 'infinity');
    assert.equal(toSqliteValue('boolean', 't'), 1);
    assert.equal(toSqliteValue('boolean', 'f'), 0);
    assert.equal(toSqliteValue('integer', '-5'), -5);
    assert.equal(toSqliteValue('integer', '9223372036854775807'), 9_223_372_036_854_775_807n);
    assert.equal(toSqliteValue('real', '0.1'), 0.1);
    assert.equal(toSqliteValue('real', 'NaN'), null);
    assert.deepEqual(toSqliteValue('bytes', '\\x00ff'), Buffer.from([0, 255]));
    assert.equal(toSqliteValue('text', null), null);
  });

  it('are read from the lines of COPY, whatever is in them', () => {
    assert.deepEqual(
      copiedValues('1\ta\\tb\\nc\\\\N\\\\\t\\N\tt\t\\\\x41', ['integer', 'text', 'text', 'boolean', 'bytes']),
      [1, 'a\tb\nc\\N\\', null, 1, Buffer.from('A')],
    );
    assert.deepEqual(copiedValues('', ['text']), ['']);
    assert.deepEqual(copiedValues('\\\\N', ['text']), ['\\N']);
  });

  it('go back to the server as they came', () => {
    const values: readonly (readonly [ValueKind, string])[] = [
      ['integer', '9223372036854775807'],
      ['integer', '-7'],
      ['real', '0.1'],
      ['real', 'Infinity'],
      ['boolean', 't'],
      ['boolean', 'f'],
      ['bytes', '\\x00ff10'],
      ['timestamp', '2026-01-02 03:04:05.600000'],
      ['text', '{"a": 1}'],
    ];
    for (const [kind, text] of values) assert.equal(toServerText(kind, toSqliteValue(kind, text)), text);
    assert.equal(toServerText('text', null), null);
  });
});
