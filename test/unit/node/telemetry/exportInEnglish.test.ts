import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { noFilter } from '../../../../src/core/telemetry/page/telemetryFilter.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { exportChunks, nothingExported } from '../../../../src/reader/exportChunks.ts';
import { writeExportNote } from '../../../../src/node/telemetry/writeExport.ts';
import { sha256Hex } from '../../../../src/node/system/systemPorts.ts';
import { useTranslations } from '../../../../src/node/system/translations.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** A database without events. */
const reader = {
  request: () => Promise.resolve({ value: { ids: [], of: 0 }, version: { token: 'state' }, warnings: [] }),
} as unknown as DatabaseReader;

describe('an export for programs', () => {
  afterEach(() => {
    useTranslations({}, null);
    provideTranslations(() => null);
  });

  const folder = temporaryFolder();
  const options = { successOnly: false, stratify: false, underMultiplier: 1 };
  const filter = { ...noFilter, categories: ['docs', 'tests'] };

  it('tells its filter in English, whatever people read', async () => {
    useTranslations({ category: 'Kategorie', ' or ': ' oder ' }, null);
    const asked = {
      reader,
      database: '/a.db',
      format: 'otlp',
      options,
      filter,
      version: '1',
      sha256: sha256Hex,
    } as const;
    let text = '';
    for await (const chunk of exportChunks(asked, nothingExported())) text += chunk;
    assert.match(text, /"category: docs or tests"/);
  });

  it('has a note in English beside it', async () => {
    useTranslations({ category: 'Kategorie', ' or ': ' oder ' }, null);
    const path = join(folder(), 'a.csv');
    const note = await writeExportNote(path, { database: '/a.db', exportedAt: 0, events: 0, of: 0, filter });
    assert.match(await readFile(note ?? '', 'utf8'), /"category": "docs or tests"/);
  });
});
