import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { LoggerPort } from '../../core/ports.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { databaseServer } from '../postgres/databaseServer.ts';
import { passwordOf } from '../postgres/passwords.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { openOwnFile } from '../system/replaceFile.ts';
import { translationArguments } from '../system/translations.ts';
import { executorDescription } from './executors.ts';
import { agreedDatabase, hostEnvironment, workerArgument } from './hostProcess.ts';
import { markDead, type SharingParts } from './sharing.ts';

/** The programs that a worker is made of; absolute, and `file:` URLs. */
export interface WorkerPrograms {
  /** See `DrainHostPlace`. */
  readonly hostPath: string;
  readonly workerUrl: string;
  readonly writerUrl: string;
}

/** Workers in processes of their own. */
export interface Crew extends WorkerPrograms {
  readonly count: number;
  readonly executor: z.output<typeof executorDescription>;
  /** The key of the model's endpoint. */
  readonly modelKey: string | null;
}

/** What a worker reads from its input, as one line of JSON; the input stays open as long as it is to work. */
export type WorkerJob = Readonly<z.output<typeof workerJob>>;
export const workerJob = z.object({
  drain: z.string(),
  databasePath: z.string(),
  workspaceFolder: z.string(),
  workerUrl: z.string(),
  writerUrl: z.string(),
  executor: executorDescription,
  expected: agreedDatabase.nullable(),
  /** These two are known to the processes alone, and lie nowhere. */
  modelKey: z.string().nullable(),
  databasePassword: z.string().nullable(),
});

/** What the workers work on. */
interface CrewWork {
  readonly drain: string;
  readonly databasePath: string;
  readonly workspaceFolder: string;
  readonly expected?: WriteExpectation | undefined;
  readonly logger: LoggerPort;
  readonly sharing?: Pick<SharingParts, 'patience' | 'leaseMs'> | undefined;
}

/** How often one that was killed is begun anew. */
const mostRestarts = 3;
/** How long workers may take to end in good order, in ms. */
const endMs = 15_000;

/** Begins the workers, and anew those that were killed. Resolves when the last has ended; the signal ends them. */
export async function startCrew(crew: Crew, work: CrewWork, signal: AbortSignal): Promise<void> {
  const numbers = Array.from({ length: crew.count }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => keepWorking(number, crew, work, signal)));
}

async function keepWorking(number: number, crew: Crew, work: CrewWork, signal: AbortSignal): Promise<void> {
  for (let begun = 0; begun <= mostRestarts && !signal.aborted; begun += 1) {
    const killedBy = await runWorker(number, crew, work, signal);
    if (killedBy === null) return;
    work.logger.warn(`Worker ${number} was ended by ${killedBy}.`);
    // What it had is free at once, not only when its leases run out.
    const server = databaseServer(work.databasePath, work.sharing?.patience);
    await markDead(server).catch((error: unknown) => {
      work.logger.warn(`The end of worker ${number} could not be noted: ${String(error)}`);
    });
    await server.close();
  }
}

/** Resolves to the signal that ended the process; `null` where it ended by itself. */
async function runWorker(
  number: number,
  { hostPath, workerUrl, writerUrl, executor, modelKey }: Crew,
  { drain, databasePath, workspaceFolder, expected, logger }: CrewWork,
  signal: AbortSignal,
): Promise<string | null> {
  const folder = new OwnFolder(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions').folder(drain);
  await folder.make();
  const log = await openOwnFile(folder.file(`worker-${number}.log`), 'append');
  const child = spawn(process.execPath, [hostPath, workerArgument, ...translationArguments()], {
    cwd: tmpdir(),
    env: hostEnvironment(),
    stdio: ['pipe', 'ignore', log.fd],
    // A Ctrl-C is for the one that leads, which ends the workers in good order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  await log.close();
  const ended = new Promise<string | null>((resolve) => {
    child.once('exit', (_code, by) => resolve(by));
    child.once('error', (error) => {
      logger.error(`Worker ${number} could not be started.`, error);
      resolve(null);
    });
  });
  const job: WorkerJob = {
    ...{ drain, databasePath, workspaceFolder, workerUrl, writerUrl, executor, modelKey },
    expected: expected ?? null,
    databasePassword: passwordOf(databasePath),
  };
  // One that cannot be started, or has just ended, reads nothing.
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${JSON.stringify(job)}\n`);
  const end = (): void => void child.stdin?.end();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const late = new AbortController();
  try {
    const isLate = aborted(signal).then(() => wait(endMs, 'late' as const, { signal: late.signal }));
    const first = await Promise.race([ended, isLate.catch(() => null)]);
    if (first !== 'late') return first;
    child.kill('SIGKILL');
    return await ended;
  } finally {
    late.abort();
    signal.removeEventListener('abort', end);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
