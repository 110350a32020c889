import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { failPhaseOperation } from '../../../../src/core/maintenance/failPhase.ts';
import { WriterClient } from '../../../../src/node/writer/writerClient.ts';
import { writerUrl } from '../../../support/databaseReader.ts';
import { GuardWorld, suiteReader } from '../../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('a writer that gets ready', () => {
  const folder = temporaryFolder();
  const reader = suiteReader();

  it('makes each change in a process of its own, prepared or not', async () => {
    const path = await new GuardWorld(folder(), reader()).make('ready.db');
    const writer = new WriterClient({ processUrl: writerUrl });
    const database = new DatabaseSync(path, { readOnly: true });
    const phases = database.prepare('SELECT run_id, phase_id FROM phases ORDER BY phase_index LIMIT 3').all();
    for (const [index, phase] of phases.entries()) {
      // Twice is once; the last change is not prepared.
      if (index < 2) for (let n = 0; n < 2; n++) writer.prepare();
      const key = { runId: String(phase.run_id), phaseId: String(phase.phase_id) };
      const params = { key, reason: 'boom', from: 'QUEUED', now: Date.now() };
      assert.equal(await writer.perform(path, failPhaseOperation, params), true);
    }
    const { n } = { ...database.prepare("SELECT count(*) AS n FROM phases WHERE state = 'FAILED'").get() };
    database.close();
    assert.equal(n, 3);
  });

  it('does not keep a program from its end', async () => {
    const client = join(import.meta.dirname, '../../../../src/node/writer/writerClient.ts');
    const script = `
      import { WriterClient } from ${JSON.stringify(client)};
      new WriterClient({ processUrl: new URL(${JSON.stringify(writerUrl.href)}) }).prepare();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      timeout: 20_000,
    });
  });
});
