import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { locationOf, maskPassword, urlRemark } from '../../../../src/editor/database/postgresUrlText.ts';

/** Types a text letter by letter, as into an input box that shows what is left of it. */
function type(text: string): { shown: string; password: string | null } {
  let current: { shown: string; password: string | null } = { shown: '', password: null };
  for (const letter of text) current = maskPassword(current.shown + letter, current.password);
  return current;
}

const urls: readonly (readonly [given: string, shown: string, password: string | null])[] = [
  ['postgresql://me@db.example/autopack', 'postgresql://me@db.example/autopack', null],
  ['postgresql://db.example:5433/autopack', 'postgresql://db.example:5433/autopack', null],
  ['postgresql://me:hunter2@db.example/autopack', 'postgresql://me:***@db.example/autopack', 'hunter2'],
  ['postgres://me:hunter2@db.example/autopack', 'postgres://me:***@db.example/autopack', 'hunter2'],
  [
    'postgresql+psycopg2://me:a%40b%2Fc@h/d?sslmode=require',
    'postgresql+psycopg2://me:***@h/d?sslmode=require',
    'a@b/c',
  ],
  ['postgresql://me:p@ss/w?rd@h/d', 'postgresql://me:***@h/d', 'p@ss/w?rd'],
  ['postgresql://me:100%@h/d', 'postgresql://me:***@h/d', '100%'],
  [
    'postgresql://h/d?user=me&password=hunter2&sslmode=disable',
    'postgresql://h/d?user=me&password=***&sslmode=disable',
    'hunter2',
  ],
];

describe('the URL of a PostgreSQL database while it is typed', () => {
  for (const [given, shown, password] of urls) {
    it(`keeps the password of ${shown} out of sight, pasted or typed`, () => {
      assert.deepEqual(maskPassword(given, null), { shown, password });
      assert.deepEqual(type(given), { shown, password });
    });
  }

  it('keeps the password while the rest is changed, and drops it with its mask', () => {
    const kept = maskPassword('postgresql://me:***@other/autopack', 'hunter2');
    assert.deepEqual(kept, { shown: 'postgresql://me:***@other/autopack', password: 'hunter2' });
    assert.equal(maskPassword('postgresql://me@other/autopack', 'hunter2').password, null);
  });

  it('says what it comes to, which scheme it takes, and where the password goes', () => {
    const url = maskPassword('postgresql+psycopg2://me:hunter2@db.example/autopack?sslmode=require', null);
    const location = locationOf(url, { user: 'os' });
    assert.equal(location.path, 'postgresql://me@db.example:5432/autopack?sslmode=require');
    assert.equal(
      urlRemark(url, location),
      "Database autopack on db.example, port 5432, as me · sslmode require · postgresql+psycopg2:// is the same as postgresql:// · the password goes to VS Code's secret storage",
    );
  });

  it('refuses what is no URL of PostgreSQL without repeating what may be secret', () => {
    assert.throws(
      () => locationOf({ shown: 'sqlite:///seed.db' }, { user: 'os' }),
      /not the URL of a PostgreSQL/,
    );
    assert.throws(() => locationOf({ shown: 'postgresql://a:***@h:port/d' }, { user: 'os' }), {
      code: 'invalid-url',
    });
  });
});
