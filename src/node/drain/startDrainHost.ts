import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { storedOptions } from '../../core/drain/hygieneSession.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode } from '../system/fileError.ts';
import { openOwnFile } from '../system/replaceFile.ts';
import { translationArguments } from '../system/translations.ts';
import { DrainClient, type FollowListener } from './drainClient.ts';
import { makeDrainEndpoint } from './drainEndpoint.ts';
import { executorDescription } from './executors.ts';
import type { FollowerService } from './followerService.ts';
import { agreedDatabase, hostEnvironment } from './hostProcess.ts';

/** Where the program and its log are; absolute. */
export interface DrainHostPlace {
  /** `dist/drainHost.js`, or `src/node/drain/drainHost.ts` where Node strips types. */
  readonly hostPath: string;
  /** What the process has to say; appended to. */
  readonly logPath: string;
}

/** How a drain is started, besides its job, which lies in a file for a moment. */
export interface DrainHostStart extends DrainHostPlace {
  /** The key of the API server that its executions reuse. It goes by the environment of the process, and nowhere else. */
  readonly apiKey?: string | undefined;
  /** The key of the model's endpoint. It goes by the process's input: no child inherits it, and nobody finds it in a list of processes. */
  readonly modelKey?: string | undefined;
  /** The password of the database, handed over in the same way. */
  readonly databasePassword?: string | undefined;
  /** Serves what the drain asks of its followers. */
  readonly service?: FollowerService | undefined;
}

/** What connecting fails with before anybody listens. */
const notYet = ['ENOENT', 'ECONNREFUSED'];
const pollMs = 25;

/**
 * Starts a drain in a process of its own, which outlives this one, and follows it. Rejects where the process cannot be
 * started or ends before it can be followed.
 */
export async function startDrainHost(
  job: Omit<DrainHostJob, 'endpoint'>,
  { hostPath, logPath, apiKey, modelKey, databasePassword, service }: DrainHostStart,
  onChange: FollowListener,
): Promise<DrainClient> {
  const endpoint = await makeDrainEndpoint();
  let end: ProcessEnd = { how: t`it was not begun` };
  try {
    const jobPath = join(endpoint.folder, 'job.json');
    const text = JSON.stringify({ ...job, endpoint: endpoint.path } satisfies DrainHostJob);
    await writeFile(jobPath, text, { mode: 0o600, flag: 'wx' });
    const secrets: DrainHostSecrets = {
      modelKey: modelKey ?? null,
      databasePassword: databasePassword ?? null,
    };
    end = await spawnHost([hostPath, jobPath, ...translationArguments()], logPath, apiKey, secrets);
    const connect = (): Promise<DrainClient> => DrainClient.connect(endpoint.path, onChange, service);
    return await follow(connect, end, logPath);
  } catch (error) {
    // Else it is still at work there.
    if (end.how !== null) await endpoint.remove();
    throw error;
  }
}

async function spawnHost(
  args: readonly string[],
  logPath: string,
  apiKey: string | undefined,
  secrets: DrainHostSecrets,
): Promise<ProcessEnd> {
  await mkdir(dirname(logPath), { recursive: true, mode: 0o700 });
  const log = await openOwnFile(logPath, 'append');
  const child = spawn(process.execPath, args, {
    // No folder that somebody may want to delete meanwhile: on Windows the current folder of a process cannot go.
    cwd: tmpdir(),
    env: hostEnvironment(apiKey),
    stdio: ['pipe', 'ignore', log.fd],
    detached: true,
    windowsHide: true,
  });
  const end = endOf(child);
  // A process that cannot be started, or ends at once, reads nothing; its exit is reported elsewhere.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(JSON.stringify(secrets));
  // The child has the file open itself.
  await log.close();
  child.unref();
  return end;
}

interface ProcessEnd {
  /** `null` while the process runs. */
  how: string | null;
}

function endOf(child: ChildProcess): ProcessEnd {
  const end: ProcessEnd = { how: null };
  child.once('error', (error) => (end.how = error.message));
  child.once('exit', (code, signal) => (end.how ??= t`it ended with ${signal ?? t`code ${code ?? '?'}`}`));
  return end;
}

async function follow(
  connect: () => Promise<DrainClient>,
  end: ProcessEnd,
  logPath: string,
): Promise<DrainClient> {
  for (;;) {
    const { how } = end;
    try {
      return await connect();
    } catch (error) {
      if (!notYet.includes(errnoCode(error) ?? '')) throw error;
      // It may have ended just after it began to listen.
      if (how !== null)
        throw new Error(t`The drain could not be started: ${how}. See ${logPath}.`, { cause: error });
      await wait(pollMs);
    }
  }
}

/** What a drain in a process of its own reads from its input, as JSON. */
type DrainHostSecrets = Readonly<z.output<typeof drainHostSecrets>>;
export const drainHostSecrets = z.object({
  modelKey: z.string().nullable(),
  databasePassword: z.string().nullable(),
});

/** The job of a drain in a process of its own. Paths are absolute. */
export const drainHostJob = z.object({
  /** Where it is to be followed. */
  endpoint: z.string(),
  /** A `file:` URL, see `createDatabaseReader`. */
  workerUrl: z.string(),
  /** A `file:` URL, see `WriterClient`. */
  writerUrl: z.string(),
  databasePath: z.string(),
  workspaceFolder: z.string(),
  executor: executorDescription,
  /** Whether a person at a window is asked before a built-in builder writes files. */
  approval: z.enum(['ask', 'hands-off']),
  options: storedOptions satisfies z.ZodType<DrainRequest>,
  /** The session to go on with. */
  resume: z.string().nullable(),
  /** How many processes are to work on it; 1 is this one alone. */
  workers: z.number().int().positive().default(1),
  /** The database that was agreed to. */
  expected: agreedDatabase,
});

/** One job. */
interface DrainHostJob extends Readonly<Omit<z.output<typeof drainHostJob>, 'options' | 'workers'>> {
  readonly options: DrainRequest;
  readonly workers?: number;
}
