import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { noFilter } from '../../../src/core/telemetry/page/telemetryFilter.ts';
import { exportNote, exportNotePath, isExportNote, needsNote } from '../../../src/reader/exportNote.ts';

const facts = { database: '/data/runs.db', exportedAt: 0, events: 1, of: 5, filter: noFilter };
const filtered = { ...facts, filter: { ...noFilter, complexities: ['low'] } };

describe('the note of an export', () => {
  it('lies beside formats that have no place for it', () => {
    assert.deepEqual((['md', 'html', 'csv', 'ndjson', 'otlp'] as const).filter(needsNote), ['csv', 'ndjson']);
    assert.equal(exportNotePath('/a/b.csv'), '/a/b.csv-metadata.json');
  });

  it('is written of a filter, and in the place of one that would be wrong now', () => {
    assert.equal(exportNote('/a/b.csv', facts, false), null);
    assert.ok(exportNote('/a/b.csv', facts, true));
    const note = exportNote('/a/b.csv', filtered, false);
    assert.ok(isExportNote(JSON.stringify(note)));
    assert.match(JSON.stringify(note), /"file":"b.csv"/);
  });

  it('is told from other files', () => {
    for (const text of ['', '{}', 'null', '[1]', '{"kind":"other"}'])
      assert.equal(isExportNote(text), false, text);
  });
});
