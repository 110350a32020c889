import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countsDifference, type CountsRecord } from '../../../../src/core/telemetry/analysis/eventCounts.ts';
import { appendCounts, countsFilePath, readCounts } from '../../../../src/node/telemetry/countsFile.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const record = (label: string, events: number): CountsRecord => ({
  timestamp: '2025-12-29T19:04:18.000Z',
  database_url: 'sqlite:////x.db',
  run_id: null,
  label,
  counts: { token_estimation_v2_events: events, token_budget_escalation_events: 0 },
});

describe('counts file', () => {
  const folder = temporaryFolder();

  it('keeps records a line each, with the keys of Autopack', async () => {
    const path = countsFilePath(folder());
    assert.deepEqual(await readCounts(path), { records: [], unreadable: 0 });
    await appendCounts(path, record('before', 3));
    await appendCounts(path, record('after', 10));
    assert.equal(
      (await readFile(path, 'utf8')).split('\n')[0],
      '{"timestamp":"2025-12-29T19:04:18.000Z","database_url":"sqlite:////x.db","run_id":null,"label":"before",' +
        '"counts":{"token_estimation_v2_events":3,"token_budget_escalation_events":0}}',
    );
    const { records } = await readCounts(path);
    assert.deepEqual(records, [record('before', 3), record('after', 10)]);
  });

  it('reads a file that an editor of Windows saved', async () => {
    const path = countsFilePath(folder());
    await appendCounts(path, record('before', 3));
    await writeFile(path, `\ufeff${(await readFile(path, 'utf8')).replaceAll('\n', '\r\n')}`);
    assert.deepEqual(await readCounts(path), { records: [record('before', 3)], unreadable: 0 });
  });

  it('reads past lines of others and cut-off ones, and begins a line of its own behind them', async () => {
    const path = countsFilePath(folder());
    await mkdir(dirname(path));
    await writeFile(path, '{"label":"other program"}\n\nnot JSON\n');
    await appendFile(path, '{"timestamp":"2025');
    await appendCounts(path, record('mine', 1));
    const { records, unreadable } = await readCounts(path);
    assert.deepEqual([records.map(({ label }) => label), unreadable], [['mine'], 3]);
  });

  it('is left as it was where the disk is full, or not made at all', async function () {
    const disk = smallDisk(this, join(folder(), 'small'), 16);
    try {
      const path = countsFilePath(join(folder(), 'small'));
      await mkdir(dirname(path), { recursive: true });
      const filler = join(folder(), 'small', 'filler');
      await assert.rejects(writeFile(filler, 'x'.repeat(1 << 20)));
      await rejectsWith('disk-full', appendCounts(path, record('before', 3)));
      assert.deepEqual(await readdir(dirname(path)), []);
      await rm(filler);
      await appendCounts(path, record('before', 3));
      await assert.rejects(writeFile(filler, 'x'.repeat(1 << 20)));
      const text = await readFile(path, 'utf8');
      await rejectsWith('disk-full', appendCounts(path, record('x'.repeat(8192), 4)));
      assert.equal(await readFile(path, 'utf8'), text);
    } finally {
      disk.unmount();
    }
  });

  it('tells what was added', () => {
    const [before, after] = [record('a', 3).counts, record('b', 10).counts];
    assert.deepEqual(countsDifference(before, after), {
      token_estimation_v2_events: 7,
      token_budget_escalation_events: 0,
    });
  });
});
