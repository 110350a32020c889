import { type ChildProcess, spawn } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { ExecutionRequest, ExecutionResult } from '../../core/model/execution.ts';
import { fileError } from '../files/fileError.ts';
import { openOwnFile } from '../files/replaceFile.ts';
import { endLeftBehind, executionMark, executionVariable } from './leftBehind.ts';
import { readTail } from './outputTail.ts';
import { endLeftovers, endProcessTree } from './processTree.ts';

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
