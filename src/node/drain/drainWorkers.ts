import { spawn } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { LoggerPort } from '../../core/ports.ts';
import { formatDuration } from '../../core/text/times.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseServer } from '../postgres/databaseServer.ts';
import { drainRow } from '../postgres/drainRows.ts';
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
export interface WorkerPool extends WorkerPrograms {
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
interface WorkerPoolWork {
  readonly drain: string;
  readonly databasePath: string;
  readonly workspaceFolder: string;
  readonly expected?: WriteExpectation | undefined;
  readonly logger: LoggerPort;
  readonly sharing?: Pick<SharingParts, 'limits' | 'leaseMs'> | undefined;
}

/** How often one that was killed or failed is begun again. */
const mostRestarts = 3;
/** How long it is until that, in ms: twice as long each time. */
const firstPauseMs = 1000;
/** How long workers may take to end in good order, in ms. */
const endMs = 15_000;

/**
 * Begins the workers, and again those that are killed or fail, each of which is reported to `onWarning`. Resolves when the
 * last has ended; the signal ends them.
 */
export async function startWorkerPool(
  workerPool: WorkerPool,
  work: WorkerPoolWork,
  signal: AbortSignal,
  onWarning: (message: string) => void,
): Promise<void> {
  const numbers = Array.from({ length: workerPool.count }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => keepWorking({ number, workerPool, work, onWarning }, signal)));
}

/** One of the workers. */
interface KeptWorker {
  readonly number: number;
  readonly workerPool: WorkerPool;
  readonly work: WorkerPoolWork;
  readonly onWarning: (message: string) => void;
}

async function keepWorking(
  { number, workerPool, work, onWarning }: KeptWorker,
  signal: AbortSignal,
): Promise<void> {
  for (let restarts = 0; !signal.aborted; restarts += 1) {
    const end = await runWorker(number, workerPool, work, signal);
    if (end === null || isEnding(signal) || !(await freeLeases(number, work))) return;
    const isLast = restarts === mostRestarts;
    const pauseMs = firstPauseMs * 2 ** restarts;
    const log = logOf(number, work);
    const message = isLast
      ? t`Worker ${number} ${end}, again, and is not begun any more: the others go on without it. Its log is ${log.path}.`
      : t`Worker ${number} ${end}; it is begun again in ${formatDuration(pauseMs)}.`;
    onWarning(message);
    await log.append(message);
    if (isLast) return;
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function isEnding(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Frees what a worker had that has ended, at once, not only when its leases run out. Resolves to whether the drain goes on. */
async function freeLeases(
  number: number,
  { drain, databasePath, sharing, logger }: WorkerPoolWork,
): Promise<boolean> {
  const server = databaseServer(databasePath, sharing?.limits);
  try {
    const found = await server.do((each) => drainRow(each, drain));
    if (found === null || found.hasStopped) return false;
    await markDead(server);
  } catch (error) {
    logger.warn(`The end of worker ${number} could not be noted: ${String(error)}`);
  } finally {
    await server.close();
  }
  return true;
}

/** Resolves to how the process ended that was killed or failed, in words; `null` where it ended in good order. */
async function runWorker(
  number: number,
  { hostPath, workerUrl, writerUrl, executor, modelKey }: WorkerPool,
  work: WorkerPoolWork,
  signal: AbortSignal,
): Promise<string | null> {
  const { drain, databasePath, workspaceFolder, expected, logger } = work;
  const log = await logOf(number, work).open();
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
    child.once('exit', (code, by) => {
      resolve(
        by !== null ? t`was ended by ${by}` : code === 0 ? null : t`ended with exit code ${String(code)}`,
      );
    });
    child.once('error', (error) => {
      logger.error(`Worker ${number} could not be started.`, error);
      resolve(t`could not be started (${error.message})`);
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

/** What a worker writes to its standard error, and how it ended; in the folder of the session. */
function logOf(number: number, { workspaceFolder, drain }: WorkerPoolWork): WorkerLog {
  const folder = new OwnFolder(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions').folder(drain);
  const file = folder.file(`worker-${number}.log`);
  const open = async (): Promise<FileHandle> => {
    await folder.make();
    return openOwnFile(file, 'append');
  };
  const append = async (message: string): Promise<void> => {
    const log = await open();
    await log.appendFile(`${new Date().toISOString()} warn ${message}\n`).finally(() => log.close());
  };
  return { path: file, open, append };
}

interface WorkerLog {
  /** Absolute. */
  readonly path: string;
  readonly open: () => Promise<FileHandle>;
  readonly append: (message: string) => Promise<void>;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
