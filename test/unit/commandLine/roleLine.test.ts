import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { roleLine } from '../../../src/commandLine/roleLine.ts';

describe('the line that names the database before it is written', () => {
  const legacy = { id: 'an-id', role: 'legacy', path: '/repo/a\n\u001b[31mb.db' } as const;

  it('says the role in words, and in color where colors are wanted', () => {
    assert.equal(roleLine(legacy, false), 'Legacy backlog: /repo/a\\n\\x1b[31mb.db\n');
    assert.equal(roleLine(legacy, true), '\u001b[1;33mLegacy backlog\u001b[0m: /repo/a\\n\\x1b[31mb.db\n');
  });

  it('tells a guess from what the database says itself', () => {
    const guess = { ...legacy, id: null, path: '/b.db' };
    assert.equal(roleLine(guess, false), 'Looks like a legacy backlog, not adopted: /b.db\n');
    assert.equal(roleLine({ ...guess, role: 'unknown' }, false), 'Unknown role: /b.db\n');
  });
});
