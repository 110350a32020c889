import { execFile } from 'node:child_process';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import {
  isPostgresPath,
  isPostgresUrl,
  isThisMachine,
  parsePostgresUrl,
  postgresLocation,
} from '../../core/db/postgresUrl.ts';
import type { PhaseWorker } from '../../core/identity/stalePhase.ts';
import { postgresDefaults } from '../postgres/postgresDefaults.ts';
import { errnoCode } from '../system/fileError.ts';
import { psProgram, windowsProgram } from '../system/findProgram.ts';
import { processExists, statFields } from '../system/processMark.ts';
import { fileIdOf } from '../system/realPath.ts';
import { longestOfSystem, readSmallFile, readIfThere } from '../system/regularFile.ts';
import { resolveDatabaseLocation } from './databaseUrlSources.ts';

/** How long the system may take to list its processes, in ms. */
const listTimeoutMs = 10_000;
/** How long a process takes to end once it has begun to, in ms. */
const exitMs = 50;
const run = promisify(execFile);

/** A running program that may work on phases of a database. */
export interface FoundWorker extends PhaseWorker {
  /** `false` where it cannot be told which database it was given, and it may well be another. */
  readonly isDatabaseKnown: boolean;
}

/**
 * The programs that may be working on phases of a database by its path, see {@link findPhaseWorkers}. Throws where there is
 * no file.
 */
export async function findPhaseWorkersOf(databasePath: string): Promise<FoundWorker[] | null> {
  if (isPostgresPath(databasePath)) return findPhaseWorkers(databasePath);
  return findPhaseWorkers(fileIdOf(await stat(databasePath, { bigint: true })));
}

/**
 * The programs that may be working on phases of the database with that `device:inode`, or that PostgreSQL path; `null`
 * where processes cannot be listed. Where it can be seen that a program was given another database, it is left out.
 */
export async function findPhaseWorkers(idOrPath: string): Promise<FoundWorker[] | null> {
  const fileId = isPostgresPath(idOrPath) ? onServer(idOrPath) : idOrPath;
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

/**
 * `device:inode` of the database a program was given, or what {@link onServer} tells; empty where there is no such file or
 * database, or it has ended; `undefined` where that cannot be told.
 */
async function workerDatabase({ pid, database }: PhaseWorker): Promise<string | undefined> {
  const surroundings = await surroundingsOf(pid);
  if (surroundings === 'ended') return '';
  const own = await fileNamedBy(database ?? surroundings?.databaseUrl, surroundings?.folder);
  if (surroundings?.urlFile === undefined || database !== null) return own;
  // Which of the two it goes by depends on the version of Autopack.
  const text = await readIfThere(resolve(surroundings.folder, surroundings.urlFile), 16 * 1024, {
    followLinks: true,
  }).catch(() => '');
  if (text === null) return own;
  return (await fileNamedBy(text.trim(), surroundings.folder)) === own ? own : undefined;
}

async function fileNamedBy(
  given: string | undefined,
  folder: string | undefined,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (isPostgresUrl(given)) return serverNamedBy(given);
  if (/^(?!sqlite|file:)[a-z][\w+]*:\/\//i.test(given)) return '';
  const path = locate(given, folder);
  if (path === undefined) return undefined;
  return stat(path, { bigint: true }).then(fileIdOf, (error: unknown) =>
    ['ENOENT', 'ENOTDIR'].includes(errnoCode(error) ?? '') ? '' : undefined,
  );
}

/** See {@link onServer}; empty where the URL makes no sense. */
function serverNamedBy(url: string): string {
  try {
    return onServer(parsePostgresUrl(url, postgresDefaults()).location.path);
  } catch {
    return '';
  }
}

/** `localhost:5432/autopack`: a database on a server, whoever works on it, and however this very machine is called. */
function onServer(path: string): string {
  const { host, port, database } = postgresLocation(path);
  return `${isThisMachine(host) ? 'localhost' : host.toLowerCase()}:${port}/${database}`;
}

interface Surroundings {
  readonly databaseUrl: string | undefined;
  /** A file with a URL, which newer versions of Autopack prefer; relative to `folder` or absolute. */
  readonly urlFile: string | undefined;
  readonly folder: string;
}

/** As Linux tells; `null` where nobody does, as of another user's programs. */
async function surroundingsOf(pid: number): Promise<Surroundings | 'ended' | null> {
  if (process.platform !== 'linux') return processExists(pid) ? null : 'ended';
  try {
    const environment = await readSmallFile(`/proc/${pid}/environ`, longestOfSystem);
    // What has ended and was not reaped yet has no environment left.
    if (environment === '') return 'ended';
    const databaseUrl = /(?:^|\0)DATABASE_URL=([^\0]+)/.exec(environment)?.[1];
    const urlFile = /(?:^|\0)DATABASE_URL_FILE=([^\0]+)/.exec(environment)?.[1];
    return { databaseUrl, urlFile, folder: await readlink(`/proc/${pid}/cwd`) };
  } catch (error) {
    // What is about to end has lost its folder already.
    if (errnoCode(error) !== 'EACCES') await delay(exitMs);
    return (await hasEnded(pid)) ? 'ended' : null;
  }
}

/** Whether a process is gone, or only its entry is left until its parent asks for it. */
async function hasEnded(pid: number): Promise<boolean> {
  if (!processExists(pid)) return true;
  const [state] = await statFields(pid).catch(() => []);
  return state === 'Z' || state === 'X';
}

/** The path that is meant; `undefined` where that depends on what is not known. */
function locate(given: string, folder: string | undefined): string | undefined {
  try {
    if (folder !== undefined) return resolveDatabaseLocation(given, folder);
    const here = process.cwd();
    const path = resolveDatabaseLocation(given, here);
    // A relative one would lead elsewhere from there.
    return path === resolveDatabaseLocation(given, join(here, 'elsewhere')) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Programs that execute phases: Autopack's scripts and executor, and our example. */
const programs =
  /drain_one_phase|drainOnePhase\.mjs$|batch_drain_controller|drain_queued_phases|autonomous_executor/;
/** Our own, with the commands that execute phases. */
const ownProgram = /(^|[/\\])(autopack-hygiene(\.cmd)?|cli\.js)$/;
const ownCommands = new Set(['drain', 'quickstart']);
/** With these they only tell. */
const harmless = new Set(['--help', '-h', '--dry-run']);
/** What runs them. An editor or a search that merely names such a file is not at work on anything. */
const interpreters = /(^|[/\\])(python[\d.]*w?|pypy[\d.]*|py|node|uv)(\.exe)?$/i;
/** A script that was told its run: whatever runs it (the desktop editor is a Node, too), nobody merely looks at it. */
const toldItsRun = /(drain_one_phase\.py|drainOnePhase\.mjs)"?\s+--run-id\b/;
/** Options of interpreters that are followed by another script than the one to be run. */
const scriptOptions = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader']);

/** Whether a command line is that of a program working on phases, and on which; `null` if it is not. */
export function recognisePhaseWorker(pid: number, commandLine: string): PhaseWorker | null {
  const text = commandLine.trim();
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const [program = '', first = ''] = fromProgram(words);
  const isOurs =
    ownProgram.test(program) && ownCommands.has(first) && !words.some((word) => harmless.has(word));
  const isRun = programs.test(program) || isOurs;
  if (!isRun && !toldItsRun.test(text)) return null;
  const command = text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return {
    pid,
    command,
    runId: argument(text, 'run-id'),
    phaseId: argument(text, 'phase-id'),
    database: argument(text, 'database'),
  };
}

/** A command line from the script or module on that is run; a script that is only an argument of it does not count. */
function fromProgram(words: readonly string[]): readonly string[] {
  const [executable = ''] = words;
  if (ownProgram.test(executable)) return words;
  if (!interpreters.test(executable)) return [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-m') return words.slice(at + 1);
    if (scriptOptions.has(word)) at++;
    else if (/\.(py|[cm]?[jt]s)$/i.test(word) || ownProgram.test(word)) return words.slice(at);
  }
  return [];
}

function argument(text: string, name: string): string | null {
  const match = new RegExp(`--${name}[ =](?:"([^"]*)"|(\\S+))`).exec(text);
  return match?.[1] ?? match?.[2] ?? null;
}
