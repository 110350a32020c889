import { createInterface } from 'node:readline';
import { EndpointKey } from '../../core/builders/endpointKey.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { rememberPassword } from '../postgres/passwords.ts';
import { createDatabaseReader } from '../reader/databaseReader.ts';
import { systemClock } from '../system/systemPorts.ts';
import { workerJob } from './drainWorkers.ts';
import { makeExecutor } from './executors.ts';
import { drainWriter } from './hostProcess.ts';
import { joinSharedDrain } from './runSharedDrain.ts';

/** Works on the drain that the input tells of, until that stops, or the input ends with whoever began this process. */
export async function runDrainWorker(input: NodeJS.ReadableStream, logger: LoggerPort): Promise<void> {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  const lines = createInterface({ input });
  const first = new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => {
      end.abort();
      reject(new Error('There is no job.'));
    });
  });
  const { workerUrl, writerUrl, executor, modelKey, databasePassword, expected, ...job } = workerJob.parse(
    JSON.parse(await first),
  );
  rememberPassword(job.databasePath, databasePassword);
  const reader = createDatabaseReader({ workerUrl: new URL(workerUrl), logger });
  try {
    const summary = await joinSharedDrain(
      {
        ...job,
        executor: makeExecutor(executor, {
          key: modelKey === null ? null : new EndpointKey(modelKey),
          chatModel: null,
        }),
        ...(expected === null ? {} : { expected }),
        person: null,
        reader,
        writer: drainWriter(writerUrl, job.workspaceFolder, logger),
        clock: systemClock,
        logger,
        onProgress: (progress) => {
          if (progress.kind === 'warning') logger.warn(progress.message);
        },
      },
      end.signal,
    );
    logger.info(`The worker ended: ${summary.stop.message}`);
  } finally {
    lines.close();
    await reader.dispose();
  }
}
