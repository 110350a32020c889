import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { CancelledError } from '../../core/errors.ts';
import { endLeftovers, endProcessTree } from '../system/processTree.ts';

/** A program that checks something, and what bounds it. */
export interface BoundedProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What it reads. */
  readonly input?: string;
}

/** How a program ended. */
export interface BoundedEnd {
  readonly outcome: 'exited' | 'timed-out' | 'failed-to-start';
  readonly exitCode: number | null;
  /** The ends of its streams. */
  readonly stdout: string;
  readonly stderr: string;
}

/** How much of the end of a stream is kept, in bytes. */
const longestTail = 256 << 10;
/** How long what it wrote may take to arrive once it has ended, in ms; a process that it left may hold the pipe for ever. */
const drainMs = 300;

/** Runs a program to its end, with all it starts. Rejects with `CancelledError` at the signal, when its processes are gone. */
export async function runBounded(bounded: BoundedProgram, signal: AbortSignal): Promise<BoundedEnd> {
  if (signal.aborted) throw new CancelledError('The check');
  return new StartedProgram(bounded).run(bounded.input ?? '', signal);
}

/** A program from its start to its end. */
class StartedProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stdout: StreamTail;
  readonly #stderr: StreamTail;
  readonly #exited: Promise<'exited' | 'failed-to-start'>;
  readonly #timeoutMs: number;

  constructor({ program, args, folder, environment, timeoutMs }: Omit<BoundedProgram, 'input'>) {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: 'pipe',
      // A group of its own on POSIX, so that all of it can be ended.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    this.#timeoutMs = timeoutMs;
    [this.#stdout, this.#stderr] = [tailOf(child.stdout), tailOf(child.stderr)];
    // It may end without having read what it was given.
    child.stdin.on('error', () => undefined);
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => resolve('exited'));
      child.once('error', () => resolve('failed-to-start'));
    });
  }

  /** Gives it what it reads, and waits for its end, as {@link runBounded} does. */
  async run(input: string, signal: AbortSignal): Promise<BoundedEnd> {
    this.#child.stdin.end(input);
    const done = new AbortController();
    const cancelled = new Promise<'cancelled'>((resolve) => {
      if (signal.aborted) resolve('cancelled');
      signal.addEventListener('abort', () => resolve('cancelled'), { signal: done.signal });
    });
    const timedOut = wait(this.#timeoutMs, 'timed-out' as const, { signal: done.signal }).catch(
      () => 'exited' as const,
    );
    try {
      const outcome = await Promise.race([this.#exited, cancelled, timedOut]);
      await this.#endAll(outcome === 'exited');
      if (outcome === 'cancelled') throw new CancelledError('The check');
      const ended = Promise.all([this.#stdout.ended, this.#stderr.ended]);
      await Promise.race([ended, wait(drainMs, undefined, { ref: false })]);
      const [stdout, stderr] = [this.#stdout.text(), this.#stderr.text()];
      return { outcome, exitCode: this.#child.exitCode, stdout, stderr };
    } finally {
      done.abort();
      this.#destroyStreams();
    }
  }

  async #endAll(hasExited: boolean): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    await (hasExited ? endLeftovers(pid) : endProcessTree(pid));
  }

  #destroyStreams(): void {
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
  }
}

interface StreamTail {
  readonly ended: Promise<void>;
  text(): string;
}

function tailOf(stream: Readable): StreamTail {
  let chunks: Buffer[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= 2 * longestTail) return;
    const tail = Buffer.concat(chunks).subarray(-longestTail);
    chunks = [Buffer.from(tail)];
    length = tail.length;
  });
  const ended = new Promise<void>((resolve) => {
    stream.once('close', () => resolve());
    stream.once('error', () => resolve());
  });
  return { ended, text: () => Buffer.concat(chunks).subarray(-longestTail).toString('utf8') };
}

/** What a program needs of the environment to find its parts, and nothing that may hold a key. */
const harmless =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w{1,40}|TZ|TMPDIR|TMP|TEMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMFILES|PROGRAMDATA|VIRTUAL_ENV|CONDA_PREFIX|PYENV_ROOT|PYENV_VERSION)$/i;

/** The environment of a program that checks what a model wrote: without keys, and without what changes how programs start. */
export function keylessEnvironment(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => {
      const [name, value] = entry;
      return value !== undefined && harmless.test(name);
    }),
  );
}
