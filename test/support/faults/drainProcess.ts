// A drain in a process of its own, to be killed: drainProcess.ts DATABASE FOLDER EXECUTOR [SESSION]
// EXECUTOR is a script that plays one, or the description of one as JSON.
import { resolveDrainOptions } from '../../../src/core/drain/drainOptions.ts';
import { executorDescription, exampleExecutor, makeExecutor } from '../../../src/node/drain/executors.ts';
import { runDrain } from '../../../src/node/drain/runDrain.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { silentLogger, workerUrl } from '../databaseReader.ts';

const [databasePath = '', workspaceFolder = '', executor = '', resume] = process.argv.slice(2);
const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
/** No limit ends it before every phase is COMPLETE. */
const options = resolveDrainOptions({
  batchSize: 100_000,
  maxAttemptsPerPhase: 100_000,
  maxFingerprintRepeats: 100_000,
  maxSameFailureRuns: null,
});
const summary = await runDrain(
  {
    databasePath,
    workspaceFolder,
    executor: executor.startsWith('{')
      ? makeExecutor(executorDescription.parse(JSON.parse(executor)))
      : exampleExecutor(executor),
    options: resume === undefined ? options : {},
    resume,
    reader,
    writer: new DatabaseWriter(),
    clock: systemClock,
    logger: silentLogger,
    onProgress: (progress) => {
      if (progress.kind === 'session-started') console.log(`started ${progress.sessionId}`);
    },
  },
  new AbortController().signal,
);
await reader.dispose();
console.log(`ended ${summary.stop.kind}`);
