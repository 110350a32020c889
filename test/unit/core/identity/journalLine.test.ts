import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  boundedEntry,
  journalLine,
  parseJournalLine,
  type JournalEntry,
} from '../../../../src/core/identity/journalEntry.ts';
import { entry } from '../../../support/guard/filePlaces.ts';

/** A change from here, unless it says otherwise. */
function change(serial: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    ...entry,
    serial,
    before: serial - 1,
    mark: `m${serial}`,
    at: serial,
    database: 'id',
    folder: '/work',
    ...more,
  };
}

describe('a line of the journal', () => {
  it('is read as it was written, and nothing else is taken for one', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    // Which zod leaves out of what it reads.
    const name = text.filter((each) => each !== '__proto__');
    const any = fc.record({
      mark: text,
      operation: text,
      subject: fc.dictionary(name, fc.oneof(text, fc.integer())),
      rows: fc.dictionary(name, fc.nat()),
      path: text,
      backup: fc.option(text),
    });
    fc.assert(
      fc.property(any, fc.nat(), (values, cut) => {
        const bounded = boundedEntry(change(1, values));
        const line = journalLine(bounded);
        assert.ok(!line.includes('\n'));
        assert.deepEqual(parseJournalLine(line), { ...bounded });
        assert.equal(parseJournalLine(line.slice(0, cut % line.length)), null);
      }),
    );
    fc.assert(fc.property(fc.oneof(text, fc.json()), (line) => void parseJournalLine(line)));
    for (const line of [
      '',
      '{}',
      '[]',
      'null',
      '{"version":2}',
      journalLine(entry).replace('"version":1', '"version":2'),
    ]) {
      assert.equal(parseJournalLine(line), null, line);
    }
  });

  it('is bounded, whatever the names in it', () => {
    const rows = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`table ${index}`, 2]));
    const long = 'x'.repeat(100_000);
    const bounded = boundedEntry(
      change(1, { subject: { run: long }, rows, author: { ...entry.author, user: long, agent: long } }),
    );
    assert.ok(journalLine(bounded).length < 4000);
    assert.equal(
      Object.values(bounded.rows).reduce((sum, count) => sum + count, 0),
      2000,
    );
  });
});
