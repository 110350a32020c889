import { spawn, type ChildProcess } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { ExecutionRequest, ExecutionResult } from '../../core/model/execution.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { findPhaseWorkersOf } from '../identity/phaseWorkers.ts';
import { fileError } from '../system/fileError.ts';
import { endLeftovers, endProcessTree } from '../system/processTree.ts';
import { readFileEnd, decodeEnd } from '../system/regularFile.ts';
import { openOwnFile } from '../system/replaceFile.ts';
import { systemClock } from '../system/systemPorts.ts';
import { endLeftBehind, executionMark, executionVariable } from './leftBehind.ts';

/** A program to run for one phase. */
export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

type Ending = { readonly outcome: 'exited'; readonly exitCode: number | null } | NotStarted | Interruption;
interface NotStarted {
  readonly outcome: 'failed-to-start';
  readonly message: string;
}
interface Interruption {
  readonly outcome: 'timed-out' | 'cancelled';
}

/**
 * Runs a program in the workspace folder to its end, with all it starts; never throws for what the program does,
 * but fails where its logs cannot be written.
 * Its output goes straight into the log files: no pipe to fill, to hold open, or to carry 200 MB through this process.
 */
export async function runChild(
  command: ChildCommand,
  request: ExecutionRequest,
  signal: AbortSignal,
): Promise<ExecutionResult> {
  const startedAt = performance.now();
  const mark = executionMark(request);
  const begun = Date.now();
  const marked = { ...command, env: { ...command.env, [executionVariable]: mark } };
  const stdout = await openLog(request.stdoutPath);
  try {
    const stderr = await openLog(request.stderrPath);
    try {
      const ending = await runToEnd(marked, request, { stdout, stderr }, signal);
      const [stdoutTail, stderrTail] = [await readTail(stdout), await readTail(stderr)];
      const output = stdoutTail + stderrTail;
      const notes = await endLeftBehind({ mark, startedAt: begun, output });
      return {
        outcome: ending.outcome,
        exitCode: ending.outcome === 'exited' ? ending.exitCode : null,
        durationMs: performance.now() - startedAt,
        stdoutTail,
        stderrTail: ending.outcome === 'failed-to-start' ? ending.message : stderrTail,
        ...(notes.length === 0 ? {} : { notes }),
      };
    } finally {
      await stderr.close();
    }
  } finally {
    await stdout.close();
  }
}

async function openLog(path: string): Promise<FileHandle> {
  try {
    return await openOwnFile(path, 'fresh');
  } catch (error) {
    throw fileError(error, path);
  }
}

interface Logs {
  readonly stdout: FileHandle;
  readonly stderr: FileHandle;
}

async function runToEnd(
  { program, args, env }: ChildCommand,
  { workspaceFolder, timeoutMs }: ExecutionRequest,
  { stdout, stderr }: Logs,
  signal: AbortSignal,
): Promise<Ending> {
  if (signal.aborted) return { outcome: 'cancelled' };
  const child = spawn(program, args, {
    cwd: workspaceFolder,
    env,
    stdio: ['ignore', stdout.fd, stderr.fd],
    // A group of its own on POSIX, so that all of it can be signalled, and a Ctrl-C meant for us does not reach it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const interruption = watchForInterruption(timeoutMs, signal);
  const ended = endingOf(child);
  try {
    const ending = await Promise.race([ended, interruption.happens]);
    if (child.pid === undefined) return await ended;
    if (ending.outcome === 'exited') await endLeftovers(child.pid);
    else {
      // At once, for a person may wait: whoever left the process tree is told by the mark.
      const { [executionVariable]: mark = '' } = env;
      const left = { mark, startedAt: Date.now() - timeoutMs, output: '' };
      await Promise.all([endProcessTree(child.pid), endLeftBehind(left)]);
    }
    return ending;
  } finally {
    interruption.dispose();
  }
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode) => resolve({ outcome: 'exited', exitCode }));
    child.on('error', (error) => resolve({ outcome: 'failed-to-start', message: error.message }));
  });
}

interface Watch {
  /** Resolves at the time limit or when the signal fires, whichever is first, until disposed of. */
  readonly happens: Promise<Interruption>;
  dispose(): void;
}

function watchForInterruption(timeoutMs: number, signal: AbortSignal): Watch {
  let dispose = (): void => undefined;
  const happens = new Promise<Interruption>((resolve) => {
    const cancel = (): void => resolve({ outcome: 'cancelled' });
    const timer = setTimeout(() => resolve({ outcome: 'timed-out' }), timeoutMs);
    // The child keeps this process alive, not its time limit.
    timer.unref();
    signal.addEventListener('abort', cancel, { once: true });
    dispose = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
  });
  return { happens, dispose: () => dispose() };
}

/** How often the system is asked for its processes, in ms. Asking costs a process, so it is not asked more often. */
const pollMs = 500;

/** Whether any program is at work on a phase of this database; `false` where processes cannot be listed. */
export async function isAtWork(databasePath: string, key: PhaseKey): Promise<boolean> {
  return (await workersOn(databasePath, key)).length > 0;
}

/**
 * Follows what a killed drain left running, as {@link ExecutorPort.follow} says. Processes are asked for by their
 * arguments, not waited for by their ids: an orphan that nobody reaps keeps its id for ever.
 */
export async function followExecution(
  request: ExecutionRequest,
  signal: AbortSignal,
  onWaiting: (pids: readonly number[]) => void = () => undefined,
): Promise<ExecutionResult> {
  const startedAt = performance.now();
  const begun = Date.now();
  const outcome = await waitForEnd(request, startedAt + request.timeoutMs, signal, onWaiting);
  const stdoutTail = await tailOf(request.stdoutPath);
  const notes = await endLeftBehind({ mark: executionMark(request), startedAt: begun, output: stdoutTail });
  return {
    outcome,
    exitCode: null,
    durationMs: performance.now() - startedAt,
    stdoutTail,
    stderrTail: await tailOf(request.stderrPath),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

async function waitForEnd(
  request: ExecutionRequest,
  deadline: number,
  signal: AbortSignal,
  onWaiting: (pids: readonly number[]) => void,
): Promise<ExecutionResult['outcome']> {
  for (let looks = 1; ; looks += 1) {
    const workers = await workersOn(request.databasePath, request);
    if (workers.length === 0) return 'interrupted';
    if (signal.aborted || performance.now() >= deadline) {
      await Promise.all(workers.map(endProcessTree));
      return signal.aborted ? 'cancelled' : 'timed-out';
    }
    if (looks === 1) onWaiting(workers);
    await systemClock.sleep(pollMs, signal).catch(() => undefined);
  }
}

/** The ids of programs that were told to work on just this phase of just this database. */
async function workersOn(databasePath: string, { runId, phaseId }: PhaseKey): Promise<number[]> {
  const workers = await findPhaseWorkersOf(databasePath).catch(() => null);
  return (workers ?? [])
    .filter((worker) => worker.runId === runId && worker.phaseId === phaseId)
    .map(({ pid }) => pid);
}

async function tailOf(path: string): Promise<string> {
  return readFileEnd(path, tailBytes).catch(() => '');
}

/** How much of a stream is kept for messages and fingerprints, in bytes. */
const tailBytes = 8 * 1024;

/** The end of a file as text; bytes that are not UTF-8 become U+FFFD, a character cut in half is left out, secrets are masked. */
async function readTail(file: FileHandle, bytes: number = tailBytes): Promise<string> {
  const { size } = await file.stat();
  const start = Math.max(0, size - bytes);
  const buffer = new Uint8Array(Math.min(size, bytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return maskSecrets(decodeEnd(buffer.subarray(0, bytesRead), start > 0));
}
