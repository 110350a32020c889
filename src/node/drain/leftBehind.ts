import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { ExecutionRequest } from '../../core/model/execution.ts';
import { t } from '../../core/text/l10n.ts';
import { endProcesses } from '../system/processTree.ts';
import { longestOfSystem, readSmallFile } from '../system/regularFile.ts';

/**
 * In the environment of every execution, and so of all it starts: a server that goes into a session of its own leaves the
 * process tree, but keeps its environment.
 */
export const executionVariable = 'AUTOPACK_HYGIENE_EXECUTION';

/**
 * The value of {@link executionVariable}: the same for all executions of one drain, whoever goes on with it. Where several
 * work on a drain at once, each of its executions has one of its own, which is known to whoever takes it over.
 */
export function executionMark({
  stdoutPath,
  databasePath,
}: Pick<ExecutionRequest, 'stdoutPath' | 'databasePath'>): string {
  return isPostgresPath(databasePath) ? stdoutPath : dirname(stdoutPath);
}

/** What is known of an execution that has ended. */
export interface EndedExecution {
  readonly mark: string;
  /** Ms since the epoch. */
  readonly startedAt: number;
  /** The end of its output, which may name the port of a server. */
  readonly output: string;
}

interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** How long the system may take to list its processes, in ms. */
const listTimeoutMs = 5000;
const run = promisify(execFile);

/**
 * Ends what an execution left running in sessions of its own, an API server for one. Answers with a sentence for each
 * process: that it was ended, or that it still runs.
 */
export async function endLeftBehind(execution: EndedExecution): Promise<string[]> {
  const left = await find(execution).catch(() => []);
  if (left.length === 0) return [];
  const isGone = await endProcesses(left.map(({ pid }) => pid));
  return left.map(({ pid, command }) =>
    isGone(pid)
      ? t`Ended what it left running: ${command} (process ${pid}).`
      : t`It left ${command} running, and process ${pid} could not be ended.`,
  );
}

async function find(execution: EndedExecution): Promise<LeftProcess[]> {
  if (process.platform === 'linux') return findInProc(execution.mark);
  if (process.platform !== 'win32') return findByPs(execution.mark);
  return serversLeftBehind(await listOnWindows(), execution).map(({ pid, command }) => ({ pid, command }));
}

/** As Linux itself tells; of the processes of other users, nothing. */
async function findInProc(mark: string): Promise<LeftProcess[]> {
  const wanted = `\0${executionVariable}=${mark}\0`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid): Promise<LeftProcess[]> => {
    const environment = await readSmallFile(`/proc/${pid}/environ`, longestOfSystem).catch(() => '');
    if (Number(pid) === process.pid || !`\0${environment}`.includes(wanted)) return [];
    const args = await readSmallFile(`/proc/${pid}/cmdline`, longestOfSystem).catch(() => '');
    return [{ pid: Number(pid), command: shortened(args.replaceAll('\0', ' ')) }];
  });
  return (await Promise.all(found)).flat();
}

/** On BSD and macOS `-E` adds the environment of the user's own processes to their commands. */
async function findByPs(mark: string): Promise<LeftProcess[]> {
  const options = { timeout: listTimeoutMs, maxBuffer: 64 << 20 };
  const { stdout } = await run('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], options);
  return [...stdout.matchAll(/^ *(\d+) (.*)$/gm)]
    .filter(([, , command = '']) => command.includes(` ${executionVariable}=${mark} `))
    .map(([, pid, command = '']) => ({
      pid: Number(pid),
      command: shortened(command.split(/ \w+=/)[0] ?? ''),
    }))
    .filter(({ pid }) => pid !== process.pid);
}

const windowsList = z.array(
  z.object({
    ProcessId: z.number(),
    ParentProcessId: z.number(),
    CommandLine: z.string().nullable(),
    Started: z.number().nullable(),
  }),
);

/** Windows does not tell the environment of a process: the command, its start and its parent have to do. */
async function listOnWindows(): Promise<ListedServer[]> {
  const started =
    "@{n='Started';e={if ($_.CreationDate) {([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds()}}}";
  const query = `ConvertTo-Json -Compress @(Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine,${started})`;
  const options = { timeout: listTimeoutMs, maxBuffer: 64 << 20 };
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', query], options);
  return windowsList
    .parse(JSON.parse(stdout))
    .map(({ ProcessId, ParentProcessId, CommandLine, Started }) => ({
      pid: ProcessId,
      parent: ParentProcessId,
      command: CommandLine ?? '',
      startedAt: Started,
    }));
}

function shortened(command: string): string {
  const text = command.trim();
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** A running process, as a system lists it that does not tell environments. */
export interface ListedServer {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Ms since the epoch; `null` where the system does not say. */
  readonly startedAt: number | null;
}

/** How Autopack starts its API server. */
const apiServer = /\buvicorn\b.*\bautopack\.main:app\b/;

/**
 * The API servers that an execution has left behind: begun after it, by a parent that is gone, at a port that its output
 * names where that names any. `startedAt` is ms since the epoch.
 */
export function serversLeftBehind(
  processes: readonly ListedServer[],
  { startedAt, output }: { readonly startedAt: number; readonly output: string },
): ListedServer[] {
  const running = new Set(processes.map(({ pid }) => pid));
  const ports = new Set(
    [...output.matchAll(/(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)/g)].map(([, port]) => port),
  );
  return processes.filter(({ parent, command, startedAt: began }) => {
    const port = /--port[ =](\d+)/.exec(command)?.[1];
    const isOfThis = ports.size === 0 || port === undefined || ports.has(port);
    return (
      apiServer.test(command) && isOfThis && !running.has(parent) && began !== null && began >= startedAt
    );
  });
}
