// A process of endpoint.ts: drains with the endpoint executor, and prints when each step of a phase was reached, as JSON.
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { builderDefaults } from '../../src/node/builders/builderOptions.ts';
import { makeExecutor } from '../../src/node/drain/executors.ts';
import { runDrain } from '../../src/node/drain/runDrain.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import { WriterClient } from '../../src/node/writer/writerClient.ts';
import type { ExecutorPort } from '../../src/core/model/execution.ts';
import { silentLogger } from '../support/databaseReader.ts';
import { journalIn } from '../support/journalIn.ts';

/** When the steps of one phase were reached, in ms since the epoch. */
export interface StepTimes {
  readonly begun: number;
  claimed: number;
  writing: number;
  verifying: number;
  settling: number;
  settled: number;
  ended: number;
}

if (import.meta.main) {
  const [, , databasePath = '', workspaceFolder = '', baseUrl = '', batchSize = ''] = process.argv;
  const dist = new URL('../../dist/', import.meta.url);
  const reader = createDatabaseReader({ workerUrl: new URL('readerWorker.js', dist), logger: silentLogger });
  const steps: StepTimes[] = [];
  try {
    await runDrain(
      {
        databasePath,
        workspaceFolder,
        executor: watched(
          makeExecutor({
            name: 'endpoint',
            provider: 'openai',
            baseUrl,
            model: 'bench',
            builder: builderDefaults,
          }),
          steps,
        ),
        options: { batchSize: Number(batchSize) },
        reader,
        writer: new WriterClient({
          processUrl: new URL('writerProcess.js', dist),
          journal: journalIn(workspaceFolder),
        }),
        clock: systemClock,
        logger: silentLogger,
      },
      new AbortController().signal,
    );
  } finally {
    await reader.dispose();
  }
  console.log(JSON.stringify(steps));
}

/** The executor, with what it asks of the drain timed. */
function watched(executor: ExecutorPort, steps: StepTimes[]): ExecutorPort {
  return {
    ...executor,
    async execute(request, signal, host) {
      const times = { begun: now(), claimed: 0, writing: 0, verifying: 0, settling: 0, settled: 0, ended: 0 };
      steps.push(times);
      const result = await executor.execute(request, signal, {
        ...host,
        ledger: {
          ...host.ledger,
          async claim(key) {
            const claimed = await host.ledger.claim(key);
            times.claimed = now();
            return claimed;
          },
          async settle(claim, settlement) {
            times.settling = now();
            const isSettled = await host.ledger.settle(claim, settlement);
            times.settled = now();
            return isSettled;
          },
        },
        report(activity) {
          if (activity.step === 'writing' || activity.step === 'verifying') times[activity.step] = now();
          host.report(activity);
        },
      });
      times.ended = now();
      return result;
    },
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
