import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { recognisePhaseWorker } from '../../core/guard/recognisePhaseWorker.ts';
import type { PhaseWorker } from '../../core/guard/stalePhase.ts';
import { processExists } from '../drain/processMark.ts';
import { resolveDatabaseLocation } from '../environment/resolveDatabaseLocation.ts';
import { fileIdOf } from '../files/fileId.ts';

/** How long the system may take to list its processes, in ms. */
const listTimeoutMs = 10_000;
const run = promisify(execFile);

/**
 * The programs that may be working on phases of the database with that `device:inode`; `null` where processes cannot be
 * listed. Where it can be seen that a program was given another database, it is left out.
 */
export async function findPhaseWorkers(fileId: string): Promise<PhaseWorker[] | null> {
  const processes = await listCommandLines();
  if (processes === null) return null;
  const workers = processes
    .filter(({ pid }) => pid !== process.pid)
    .map(({ pid, commandLine }) => recognisePhaseWorker(pid, commandLine))
    .filter((worker) => worker !== null);
  const theirs = await Promise.all(workers.map(databaseOf));
  return workers.filter((_, index) => (theirs[index] ?? fileId) === fileId);
}

interface ListedProcess {
  readonly pid: number;
  readonly commandLine: string;
}

const windowsList = z.array(z.object({ ProcessId: z.number(), CommandLine: z.string().nullable() }));

async function listCommandLines(): Promise<ListedProcess[] | null> {
  const options = { timeout: listTimeoutMs, maxBuffer: 64 << 20 };
  try {
    if (process.platform === 'win32') {
      const query =
        'ConvertTo-Json -Compress @(Get-CimInstance Win32_Process | Select-Object ProcessId,CommandLine)';
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', query], options);
      return windowsList
        .parse(JSON.parse(stdout))
        .map(({ ProcessId, CommandLine }) => ({ pid: ProcessId, commandLine: CommandLine ?? '' }));
    }
    // Small containers have no "ps".
    if (process.platform === 'linux') return await listFromProc();
    const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,args='], options);
    return [...stdout.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid, commandLine = '']) => ({
      pid: Number(pid),
      commandLine,
    }));
  } catch {
    return null;
  }
}

/** As Linux itself tells; of a process that ends meanwhile, nothing. Throws where there is no `/proc`. */
async function listFromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = pids.map(async (pid) => {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return { pid: Number(pid), commandLine: args.replaceAll('\0', ' ').trimEnd() };
  });
  return Promise.all(processes);
}

/**
 * `device:inode` of the database a program was given, empty where there is no such file or the program has ended;
 * `undefined` where that cannot be told.
 */
async function databaseOf({ pid, database }: PhaseWorker): Promise<string | undefined> {
  let path: string;
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    // What has ended and was not reaped yet has no environment left.
    if (environment === '') return '';
    const given = database ?? /(?:^|\0)DATABASE_URL=([^\0]+)/.exec(environment)?.[1];
    if (given === undefined) return undefined;
    path = resolveDatabaseLocation(given, await readlink(`/proc/${pid}/cwd`));
  } catch {
    return processExists(pid) ? undefined : '';
  }
  return stat(path, { bigint: true }).then(fileIdOf, () => '');
}
