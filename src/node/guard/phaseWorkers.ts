import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { recognisePhaseWorker } from '../../core/guard/recognisePhaseWorker.ts';
import type { PhaseWorker } from '../../core/identity/stalePhase.ts';
import { longestOfSystem, readSmallFile } from '../files/regularFile.ts';
import { psProgram, windowsProgram } from '../programs/findProgram.ts';
import { workerDatabase } from './workerDatabase.ts';

/** How long the system may take to list its processes, in ms. */
const listTimeoutMs = 10_000;
const run = promisify(execFile);

/** A running program that may work on phases of a database. */
export interface FoundWorker extends PhaseWorker {
  /** `false` where it cannot be told which database it was given, and it may well be another. */
  readonly isDatabaseKnown: boolean;
}

/**
 * The programs that may be working on phases of the database with that `device:inode`; `null` where processes cannot be
 * listed. Where it can be seen that a program was given another database, it is left out.
 */
export async function findPhaseWorkers(fileId: string): Promise<FoundWorker[] | null> {
  const processes = await listCommandLines();
  if (processes === null) return null;
  const workers = processes
    .filter(({ pid }) => pid !== process.pid)
    .map(({ pid, commandLine }) => recognisePhaseWorker(pid, commandLine))
    .filter((worker) => worker !== null);
  const theirs = await Promise.all(workers.map(workerDatabase));
  return workers
    .map((worker, index) => ({ ...worker, isDatabaseKnown: theirs[index] !== undefined }))
    .filter((_, index) => (theirs[index] ?? fileId) === fileId);
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
      const { stdout } = await run(
        windowsProgram('powershell'),
        ['-NoProfile', '-NonInteractive', '-Command', query],
        options,
      );
      return windowsList
        .parse(JSON.parse(stdout))
        .map(({ ProcessId, CommandLine }) => ({ pid: ProcessId, commandLine: CommandLine ?? '' }));
    }
    // Small containers have no "ps".
    if (process.platform === 'linux') return await listFromProc();
    const ps = psProgram();
    if (ps === null) return null;
    const { stdout } = await run(ps, ['-A', '-ww', '-o', 'pid=,args='], options);
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
    const args = await readSmallFile(`/proc/${pid}/cmdline`, longestOfSystem).catch(() => '');
    return { pid: Number(pid), commandLine: quoted(args.split('\0')) };
  });
  return Promise.all(processes);
}

/** As Windows lists it: an argument with spaces stays one. */
function quoted(args: readonly string[]): string {
  return args
    .map((arg) => (/\s/.test(arg) && !arg.includes('"') ? `"${arg}"` : arg))
    .join(' ')
    .trimEnd();
}
