import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EndpointKey } from '../../core/builders/endpointKey.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { maskedLogger } from '../../core/ports.ts';
import { rememberPassword } from '../postgres/passwords.ts';
import { createDatabaseReader } from '../reader/databaseReader.ts';
import { readSmallFile } from '../system/regularFile.ts';
import { systemClock } from '../system/systemPorts.ts';
import { inheritTranslations } from '../system/translations.ts';
import { makeExecutor } from './executors.ts';
import { drainWriter, workerArgument } from './hostProcess.ts';
import { followerModel, followerPerson } from './followerPorts.ts';
import { FollowerRequests } from './followerRequests.ts';
import { absentFollowerMs, runServedDrain } from './servedDrain.ts';
import { drainHostJob, drainHostSecrets } from './startDrainHost.ts';

// The entry of a drain's own process, which goes on when the window it was begun in is closed: drainHost.js JOB_FILE

/** How long the window may take to come and learn how a drain ended that was over at once, in ms. */
const lingerMs = 30_000;
/** In bytes. */
const longestJob = 16 << 20;

/** To stderr, which goes to the log file of this process. */
const log = (level: string) => (message: string, cause?: unknown) => {
  const detail = typeof cause === 'string' ? ` ${cause}` : '';
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}${detail}\n`);
};
const logger = maskedLogger({
  debug: () => undefined,
  info: log('info'),
  warn: log('warn'),
  error: log('error'),
});

/** What the window that began the drain hands over in person. */
async function readSecrets(): Promise<ReturnType<typeof drainHostSecrets.parse>> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part as Uint8Array));
  return drainHostSecrets.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
}

async function main(jobFile: string): Promise<void> {
  const folder = dirname(jobFile);
  const text = await readSmallFile(jobFile, longestJob);
  const { endpoint, workerUrl, writerUrl, executor, resume, approval, workers, ...job } = drainHostJob.parse(
    JSON.parse(text),
  );
  await rm(jobFile);
  const { modelKey, databasePassword } = await readSecrets();
  if (isPostgresPath(job.databasePath)) rememberPassword(job.databasePath, databasePassword);
  const programs = { hostPath: process.argv[1] ?? '', workerUrl, writerUrl };
  const end = new AbortController();
  // At the end of a machine or a session: the phase under way is ended, and nothing stays EXECUTING.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  const requests = new FollowerRequests({ absentMs: absentFollowerMs, logger });
  const reader = createDatabaseReader({ workerUrl: new URL(workerUrl), logger });
  try {
    await runServedDrain(
      {
        ...job,
        executor: makeExecutor(executor, {
          key: modelKey === null ? null : new EndpointKey(modelKey),
          chatModel: (model) => followerModel(requests, model),
        }),
        resume: resume ?? undefined,
        ...(workers === 1 ? {} : { workerPool: { ...programs, count: workers, executor, modelKey } }),
        person: approval === 'ask' ? followerPerson(requests) : null,
        reader,
        writer: drainWriter(writerUrl, job.workspaceFolder, logger),
        clock: systemClock,
        logger,
      },
      end.signal,
      { path: endpoint, lingerMs, requests },
    );
  } finally {
    await reader.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(argument: string): Promise<void> {
  if (argument !== workerArgument) return main(argument);
  const { runDrainWorker } = await import('./drainWorker.ts');
  return runDrainWorker(process.stdin, logger);
}

inheritTranslations();
run(process.argv[2] ?? '').catch((error: unknown) => {
  logger.error('The drain failed.', error);
  process.exitCode = 1;
});
