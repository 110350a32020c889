import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addFilters, filterOf } from '../../../src/commandLine/filterOptions.ts';
import type { FilterOptions } from '../../../src/commandLine/filterOptions.ts';

function since(text: string): number | null {
  const command = addFilters(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(['--since', text], { from: 'user' });
  return filterOf(command.opts<FilterOptions>()).from;
}

describe('filter options', () => {
  it('take days and times, in UTC or in a zone', () => {
    assert.equal(since('2026-02-28'), Date.UTC(2026, 1, 28));
    assert.equal(since('2024-02-29'), Date.UTC(2024, 1, 29));
    assert.equal(since('2026-02-28T06:30'), Date.UTC(2026, 1, 28, 6, 30));
    assert.equal(since('2026-02-28 06:30:15.5+02:00'), Date.UTC(2026, 1, 28, 4, 30, 15, 500));
  });

  it('refuse what is on no calendar or clock', () => {
    const wrong = [
      ...[
        '2026-02-30',
        '2026-02-29',
        '2026-04-31T10:00',
        '2026-13-01',
        '2026-00-10',
        '2026-01-00',
        '2100-02-29',
      ],
      ...[
        '2026-01-01T25:00',
        '2026-01-01T10:60',
        '2026-01-01T10:00:61',
        '2026-01-01T10:00+25:00',
        'today',
        '',
      ],
    ];
    for (const text of wrong) assert.throws(() => since(text), { code: 'commander.invalidArgument' }, text);
  });
});
