import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { databaseFilePage, unreadableFilePage } from '../../../src/editor/databaseFile/databaseFilePage.ts';
import { exampleFacts } from './support/examples.ts';
import { exampleRun } from './support/exampleRun.ts';

const hostile = '"><script>alert(1)</script><a href="command:x">';

describe('the page of a database file', () => {
  it('shows what is in it, and nothing that is in it takes effect', () => {
    const content = {
      facts: exampleFacts({ path: `/repo/${hostile}.db` }),
      runs: [exampleRun({ id: hostile, phaseStates: { QUEUED: 2 } })],
      isSelected: false,
      caution: `a copy of ${hostile}`,
    };
    const page = databaseFilePage(content, 'command:select?%5B%22x%22%5D');
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    assert.match(page, /2 queued/);
    assert.doesNotMatch(page, /<script/);
    assert.deepEqual(page.match(/href="[^"]*"/g), ['href="command:select?%5B%22x%22%5D"']);
  });

  it('offers nothing where the database is selected already, and says why a file cannot be shown', () => {
    const content = { facts: exampleFacts(), runs: [], isSelected: true, caution: null };
    assert.doesNotMatch(databaseFilePage(content, 'command:x'), /href/);
    assert.match(unreadableFilePage('/a/b.db', hostile, 'Choose another.'), /Choose another\./);
    assert.doesNotMatch(unreadableFilePage('/a/b.db', hostile, 'x'), /<script/);
  });
});
