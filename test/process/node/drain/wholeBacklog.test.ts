import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleExecutor } from '../../../../src/node/drain/executors.ts';
import { runDrain } from '../../../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { adopted } from '../../../support/adopted.ts';
import { silentLogger, workerUrl } from '../../../support/databaseReader.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { meddle } from '../../../support/guard/guardWorld.ts';
import { phaseScript } from '../../../support/phaseScript.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('a drain of a whole backlog with an executor that fails', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  after(() => reader.dispose());

  for (const source of databaseSources('backlog')) {
    it(`spends at most one phase per run on each failure it knows, and stops when runs fail alike (${source.name})`, async () => {
      const databasePath = join(folder(), 'backlog.db');
      await copyFile(source.path, databasePath);
      // Each phase costs a process: of the generated runs, which repeat, a fifth will do.
      if (!source.isReal) {
        meddle(
          databasePath,
          `DELETE FROM phases WHERE run_id LIKE '%-again_'`,
          `DELETE FROM runs WHERE id LIKE '%-again_'`,
        );
      }
      await adopted(databasePath, 'legacy');
      const body = `setState('QUEUED'); console.error(['RuntimeError: no module named a', 'PATCH_FAILED: context differs'][runId.length % 2]); process.exit(1);`;
      const executor = exampleExecutor(await phaseScript(folder(), body));
      const drain = (maxSameFailureRuns: number | null) =>
        runDrain(
          {
            databasePath,
            workspaceFolder: folder(),
            executor,
            // More than there are runs: what is left over could go to second phases.
            options: { batchSize: 150, maxSameFailureRuns },
            reader,
            writer: new DatabaseWriter(),
            clock: systemClock,
            logger: silentLogger,
          },
          new AbortController().signal,
        );
      const { results, stop, notTaken } = await drain(null);
      assert.equal(stop.kind, 'nothing-left');
      const left = new Set(notTaken.flatMap(({ phases }) => phases.map(({ runId }) => runId)));
      const sampled = new Set(results.map(({ runId }) => runId));
      assert.deepEqual(
        [...left].filter((runId) => !sampled.has(runId)),
        [],
        'every run has its sample',
      );
      const seen = new Set<string>();
      const spent = new Set<string>();
      for (const { runId, fingerprint } of results) {
        const key = `${runId} ${fingerprint ?? ''}`;
        assert.ok(!(seen.has(fingerprint ?? '') && spent.has(key)), `a second phase for ${key}`);
        spent.add(key);
        seen.add(fingerprint ?? '');
      }
      // In phases that stay QUEUED and in phases that stay FAILED alike.
      assert.equal(seen.size, 2);

      const stopped = await drain(3);
      assert.equal(stopped.stop.kind, 'same-failure');
      assert.ok(stopped.processed < results.length);
    });
  }
});
