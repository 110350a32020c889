import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { failPhaseOperation } from '../../../../src/core/maintenance/failPhase.ts';
import { WriterClient } from '../../../../src/node/writer/writerClient.ts';
import { journalIn } from '../../../support/journalIn.ts';
import { writerUrl } from '../../../support/databaseReader.ts';
import { GuardWorld, suiteReader } from '../../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('a writer that gets ready', () => {
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('makes each change in a process of its own, until more are to follow: then in one', async () => {
    const path = await new GuardWorld(folder(), reader()).make('ready.db');
    const started = join(folder(), 'started.txt');
    const counted = join(folder(), 'countedWriter.mjs');
    await writeFile(
      counted,
      `import { appendFileSync } from 'node:fs';
      appendFileSync(${JSON.stringify(started)}, process.pid + '\\n');
      await import(${JSON.stringify(writerUrl.href)});`,
    );
    const processes = async (): Promise<number> =>
      (await readFile(started, 'utf8')).trim().split('\n').length;
    const writer = new WriterClient({ processUrl: pathToFileURL(counted), journal: journalIn(folder()) });
    const database = new DatabaseSync(path, { readOnly: true });
    const phases = database
      .prepare("SELECT run_id, phase_id FROM phases WHERE state = 'QUEUED' ORDER BY phase_index LIMIT 6")
      .all();
    const fail = (index: number): Promise<unknown> => {
      const { run_id: runId, phase_id: phaseId } = phases[index] ?? {};
      const key = { runId: String(runId), phaseId: String(phaseId) };
      return writer.perform(path, failPhaseOperation, {
        key,
        reason: 'boom',
        from: 'QUEUED',
        now: Date.now(),
      });
    };
    for (const index of [0, 1]) assert.equal(await fail(index), true);
    assert.equal(await processes(), 2);
    for (const index of [2, 3]) {
      // Twice is once.
      for (let n = 0; n < 2; n++) writer.prepare();
      assert.equal(await fail(index), true);
    }
    assert.equal(await processes(), 3);
    // What failed is not asked again.
    const unknown = { ...failPhaseOperation, name: 'no such operation' };
    await assert.rejects(
      writer.perform(path, unknown, { key: { runId: '', phaseId: '' }, reason: '', from: '', now: 0 }),
    );
    // Two at once, of which one process is kept.
    assert.deepEqual(await Promise.all([fail(4), fail(5)]), [true, true]);
    assert.equal(await processes(), 5);
    const { n } = { ...database.prepare("SELECT count(*) AS n FROM phases WHERE state = 'FAILED'").get() };
    database.close();
    assert.ok(Number(n) >= 6);
  });

  it('ends a kept process with its change, and makes the next in another', async () => {
    const path = await new GuardWorld(folder(), reader()).make('kept.db');
    const writer = new WriterClient({
      processUrl: writerUrl,
      lockTimeoutMs: 30_000,
      journal: journalIn(folder()),
    });
    const database = new DatabaseSync(path);
    const { run_id: runId, phase_id: phaseId } = {
      ...database.prepare("SELECT run_id, phase_id FROM phases WHERE state = 'QUEUED' LIMIT 1").get(),
    };
    const key = { runId: String(runId), phaseId: String(phaseId) };
    const params = { key, reason: 'boom', from: 'QUEUED', now: Date.now() };
    writer.prepare();
    assert.equal(await writer.perform(path, failPhaseOperation, { ...params, from: 'GATE' }), false);
    database.exec('BEGIN IMMEDIATE');
    const controller = new AbortController();
    const held = writer.perform(path, failPhaseOperation, params, controller.signal);
    setTimeout(() => controller.abort(), 200);
    await rejectsWith('cancelled', held);
    database.exec('ROLLBACK');
    database.close();
    assert.equal(await writer.perform(path, failPhaseOperation, params), true);
  });

  it('does not keep a program from its end', async () => {
    const client = join(import.meta.dirname, '../../../../src/node/writer/writerClient.ts');
    const script = `
      import { WriterClient } from ${JSON.stringify(client)};
      new WriterClient({ processUrl: new URL(${JSON.stringify(writerUrl.href)}), journal: {} }).prepare();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 20_000,
    });
  });
});
