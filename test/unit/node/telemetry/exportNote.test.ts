import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserFacingError } from '../../../../src/core/errors.ts';
import { noFilter } from '../../../../src/core/telemetry/page/telemetryFilter.ts';
import { refuseForeignNote, writeExportNote } from '../../../../src/node/telemetry/writeExport.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('note of an export', () => {
  const folder = temporaryFolder();
  const path = () => join(folder(), 'out.csv');
  const notePath = () => `${path()}-metadata.json`;
  const filter = { ...noFilter, categories: ['docs'], from: Date.UTC(2025, 11, 24) };
  const about = { database: '/data/seed.db', exportedAt: Date.UTC(2026, 0, 9), events: 3, of: 10 };
  const stored = async (): Promise<unknown> => JSON.parse(await readFile(notePath(), 'utf8'));

  it('tells the filter, in words and as data, beside the export', async () => {
    assert.equal(await writeExportNote(path(), { ...about, filter }), notePath());
    assert.deepEqual(await stored(), {
      kind: 'autopack-hygiene-export',
      file: 'out.csv',
      database: '/data/seed.db',
      exported_at: '2026-01-09T00:00:00.000Z',
      events: 3,
      of: 10,
      conditions: { category: 'docs', time: 'from 2025-12-24 (UTC)' },
      filter,
    });
  });

  it('is not there without a filter, but never tells an older one', async () => {
    assert.equal(await writeExportNote(path(), { ...about, filter: noFilter }), null);
    assert.deepEqual(await readdir(folder()), []);
    await writeExportNote(path(), { ...about, filter });
    assert.equal(await writeExportNote(path(), { ...about, events: 10, filter: noFilter }), notePath());
    const { filter: kept, conditions, events } = (await stored()) as Record<string, unknown>;
    assert.deepEqual([kept, conditions, events], [null, {}, 10]);
  });

  it('replaces nothing but notes', async () => {
    await refuseForeignNote(path());
    await writeFile(notePath(), '{"tables": []}');
    await assert.rejects(
      refuseForeignNote(path()),
      (error) => error instanceof UserFacingError && error.code === 'exists',
    );
    assert.equal(await writeExportNote(path(), { ...about, filter: noFilter }), null);
    assert.deepEqual(await stored(), { tables: [] });
  });
});
