import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { autopackExecutor } from '../../../../src/node/drain/executors.ts';
import { runDrain } from '../../../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import type { DatabaseReader } from '../../../../src/protocol/readerProtocol.ts';
import { writeAutopackScript } from '../../../support/autopackScript.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('a drain whose API server dies', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const writer = new DatabaseWriter();
  let reader: DatabaseReader;
  let databasePath: string;

  before(() => {
    reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  });
  after(() => reader.dispose());
  beforeEach(async () => {
    databasePath = join(folder(), 'seed.db');
    await initDatabase(writer, databasePath, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    await seedDatabase(writer, databasePath, { now: Date.now() });
  });

  function rows(): { id: string; state: string }[] {
    const database = new DatabaseSync(databasePath, { readOnly: true });
    const found = database.prepare('SELECT phase_id, state FROM phases ORDER BY phase_index').all();
    database.close();
    return found.map(({ phase_id: id, state }) => ({ id: String(id), state: String(state) }));
  }

  function drain(apiUrl: string, options: DrainRequest, resume?: string): Promise<DrainSummary> {
    const executor = autopackExecutor(process.execPath, apiUrl);
    const parts = { databasePath, workspaceFolder: folder(), executor, options, reader, writer, resume };
    return runDrain({ ...parts, clock: systemClock, logger: silentLogger }, new AbortController().signal);
  }

  it('stops after the phase under way, which goes back to the queue, and goes on once there is one', async () => {
    const ids = rows().map(({ id }) => id);
    const apiServer = `require('node:http').createServer((_, response) => response.end('{}'))
      .listen(Number(process.argv[1]), '127.0.0.1', function () { console.log(this.address().port); })`;
    const start = async (port: number): Promise<{ pid: number; port: number; end: () => void }> => {
      const child = spawn(process.execPath, ['-e', apiServer, String(port)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [data] = (await once(child.stdout, 'data')) as [Buffer];
      return { pid: child.pid ?? 0, port: Number(data.toString()), end: () => child.kill('SIGKILL') };
    };
    const server = await start(0);
    const url = `http://127.0.0.1:${server.port}`;
    await writeAutopackScript(folder(), 'server-dies', { serverPid: server.pid });
    const stopped = await drain(url, { batchSize: 5 });
    assert.equal(stopped.stop.kind, 'executor-unavailable');
    assert.ok(stopped.stop.message.startsWith(`The API server ${url} does not answer any more: `));
    assert.match(stopped.nextStep, /Start the server again on this database, then resume the session/);
    assert.deepEqual(
      stopped.results.map(({ phaseId, outcome, finalState }) => [phaseId, outcome, finalState]),
      [
        [ids[0], 'exited', 'COMPLETE'],
        [ids[1], 'interrupted', 'QUEUED'],
      ],
    );
    assert.match(stopped.results[1]?.notes.join() ?? '', /was FAILED and is QUEUED again/);
    assert.deepEqual(
      rows().map(({ state }) => state),
      ['COMPLETE', ...ids.slice(1).map(() => 'QUEUED')],
    );
    const next = await start(server.port);
    try {
      await writeAutopackScript(folder(), 'first-queued');
      const resumed = await drain(url, {}, stopped.sessionId ?? '');
      assert.deepEqual(
        rows().map(({ state }) => state),
        ids.map((_, index) => (index < 5 ? 'COMPLETE' : 'QUEUED')),
        'the interrupted one takes no place of the batch',
      );
      assert.equal(resumed.stop.kind, 'batch-done');
    } finally {
      next.end();
    }
  });
});
