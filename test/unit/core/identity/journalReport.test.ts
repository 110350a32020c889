import assert from 'node:assert/strict';
import type { JournalEntry } from '../../../../src/core/identity/journalEntry.ts';
import {
  authorText,
  changedRowsText,
  changeTitle,
  folderReport,
  journalReport,
} from '../../../../src/core/identity/journalReport.ts';

function change(serial: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    ...{ serial, mark: `mark-${serial}`, at: serial * 1000, operation: 'requeue', database: 'one' },
    ...{ before: serial - 1, subject: {}, rows: {}, further: 0, folder: '/repo', path: '/repo/seed.db' },
    ...{ backup: null, session: null },
    author: { user: 'ann', host: 'build-7', pid: 7, program: 'command line' },
    ...more,
  };
}

/** What a report says of a database with these changes, beside a folder with these lines: who knows of which. */
function known(
  inDatabase: readonly JournalEntry[],
  inFolder: readonly JournalEntry[],
  limit = 20,
): { readonly known: readonly string[]; readonly disagreements: number } {
  const entries = inDatabase.toSorted((a, b) => b.serial - a.serial);
  const lastChange = { serial: entries[0]?.serial ?? 0, mark: entries[0]?.mark ?? null };
  const { changes, disagreements } = journalReport({ id: 'one', lastChange, entries }, inFolder, limit);
  return {
    known: changes.map(({ serial, knownTo }) => `${serial} ${knownTo}`),
    disagreements: disagreements.length,
  };
}

describe('the journals of a database and of a folder', () => {
  const [first, second, third] = [change(1), change(2), change(3)];

  it('agree where both know the same changes', () => {
    const all = [first, second, third];
    assert.deepEqual(known(all, all), { known: ['3 both', '2 both', '1 both'], disagreements: 0 });
  });

  it('say which changes were made elsewhere', () => {
    assert.deepEqual(known([first, second, third], [first]), {
      known: ['3 database', '2 database', '1 both'],
      disagreements: 1,
    });
  });

  it('say which changes an older state lacks', () => {
    assert.deepEqual(known([first], [first, second]), {
      known: ['2 folder', '1 both'],
      disagreements: 1,
    });
    assert.deepEqual(known([], [first, second]), { known: ['2 folder', '1 folder'], disagreements: 1 });
  });

  it('tell two changes of one serial apart', () => {
    const other = change(2, { mark: 'other' });
    const { known: found, disagreements } = known([first, second], [first, other]);
    assert.deepEqual(found.toSorted(), ['1 both', '2 database', '2 folder']);
    assert.equal(disagreements, 2);
  });

  it('do not disagree about what the database has let go', () => {
    assert.deepEqual(known([third], [first, second, third]), {
      known: ['3 both', '2 both', '1 both'],
      disagreements: 0,
    });
  });

  it('do not disagree about what a restored backup undid', () => {
    const restored = change(4, { operation: 'restore', before: 1 });
    const found = known([first, restored], [first, second, third, restored]);
    assert.deepEqual(found, { known: ['4 both', '3 undone', '2 undone', '1 both'], disagreements: 0 });
  });

  it('do not disagree about what an older state lacks that a person took for the right one', () => {
    const accepted = change(1, { operation: 'accept', at: 9000 });
    assert.deepEqual(known([first], [first, second, accepted]), {
      known: ['2 undone', '1 both', '1 both'],
      disagreements: 0,
    });
    const later = change(2, { mark: 'later' });
    assert.equal(known([first], [first, second, accepted, later]).disagreements, 1, 'what was lost since');
  });

  it('leave out other databases, and what is beyond the limit', () => {
    const foreign = change(9, { database: 'two' });
    assert.deepEqual(known([first, second], [first, second, foreign], 1).known, ['2 both']);
    assert.deepEqual(
      folderReport([first, foreign, second], 2).map(({ serial }) => serial),
      [9, 2],
    );
  });
});

describe('a change in words', () => {
  it('names what was done, and to what', () => {
    const titles: readonly (readonly [Partial<JournalEntry>, string])[] = [
      [{ operation: 'requeue', subject: { phases: 1, run: 'r' } }, 'Re-queued: 1 phase, run r'],
      [{ operation: 'init' }, 'Created the database'],
      [
        { operation: 'set-level', subject: { from: 'ask', to: 'open' } },
        'Changed the protection level: from ask, to open',
      ],
      [{ operation: 'of-a-later-version' }, 'of-a-later-version'],
      [{ operation: 'constructor' }, 'constructor'],
    ];
    for (const [entry, title] of titles) assert.equal(changeTitle(change(1, entry)), title);
  });

  it('counts rows, and says who', () => {
    assert.equal(
      changedRowsText(change(1, { rows: { phases: 1200, runs: 1 }, further: 3 })),
      'phases 1,200, runs 1; 3 more by triggers and foreign keys',
    );
    assert.equal(changedRowsText(change(1)), '');
    assert.equal(authorText(change(1).author), 'ann@build-7, command line');
    assert.equal(
      authorText({ ...change(1).author, agent: 'Codex' }),
      'ann@build-7, command line run by Codex',
    );
  });
});
