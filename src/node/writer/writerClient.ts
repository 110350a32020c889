import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOperation,
} from '../../core/db/databasePorts.ts';
import { modelKeyVariables } from '../../core/builders/modelKeyVariables.ts';
import { CancelledError, deserializeError, resourceError, UserFacingError } from '../../core/errors.ts';
import { counted } from '../../core/text/quantities.ts';
import { DatabaseWriter } from './databaseWriter.ts';
import type { WriterCommand, WriterReply } from './writerMessages.ts';

/** Where the process is, and how long it may take. */
export interface WriterClientOptions {
  /** A `file:` URL: `dist/writerProcess.js`, or `src/node/writer/writerProcess.ts` where Node strips types. */
  readonly processUrl: URL;
  /** How long to wait for other writers, in ms; 5,000 by default. */
  readonly lockTimeoutMs?: number;
  /** How long a change may take once it has the lock, in ms; two minutes by default. */
  readonly timeLimitMs?: number;
  /** Learns how many more rows were changed by triggers that Autopack makes, or that a person allowed to run. */
  readonly onFurtherRows?: (rows: number, path: string) => void;
}

const defaultLockTimeoutMs = 5000;
const defaultTimeLimitMs = 120_000;
/** Variables of an editor or a debugger around us that would change how a child runs, and keys that only executors need. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS', 'AUTOPACK_API_KEY', ...modelKeyVariables];
/** The end of what a process says before it breaks down, in characters. */
const longestComplaint = 2000;

/**
 * Writes databases in a process a change: one that goes on forever, by a trigger for one, neither blocks this thread nor
 * keeps the lock, since the process is ended on an abort, at the time limit, and with the program that started it.
 */
export class WriterClient implements DatabaseWriterPort {
  readonly #options: WriterClientOptions;
  #ready: WriterChild | null = null;

  constructor(options: WriterClientOptions) {
    this.#options = options;
  }

  async perform<Params, Result>(
    path: string,
    { name: operation }: WriteOperation<Params, Result>,
    params: Params,
    signal?: AbortSignal,
    expected?: ExpectedFile,
  ): Promise<Result> {
    const { lockTimeoutMs = defaultLockTimeoutMs, timeLimitMs = defaultTimeLimitMs } = this.#options;
    if (signal?.aborted === true) throw new CancelledError('Writing to the database');
    const command = { kind: 'perform', path, operation, params, expected, lockTimeoutMs } as const;
    const onFurtherRows = (rows: number): void => this.#options.onFurtherRows?.(rows, path);
    const change = this.#takeChild();
    change.begin(command, onFurtherRows);
    const cancel = (): void => change.end(new CancelledError('Writing to the database'));
    const limit = setTimeout(() => change.end(timedOut(path, timeLimitMs)), lockTimeoutMs + timeLimitMs);
    signal?.addEventListener('abort', cancel);
    try {
      // The process answers with what the operation of that name returns.
      return (await change.outcome) as Result;
    } catch (error) {
      if (change.wasEnded) await this.#recover(path);
      throw error;
    } finally {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** A new file holds nothing of anybody's that could run, so that it is made here. */
  create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void> {
    return new DatabaseWriter().create(path, work, signal);
  }

  prepare(): void {
    if (this.#ready?.isWaiting === true) return;
    this.#ready = new WriterChild(this.#options.processUrl);
    this.#ready.letGo();
  }

  /** A process for one change: the one that waits already, where it is still there. */
  #takeChild(): WriterChild {
    const child = this.#ready?.isWaiting === true ? this.#ready : new WriterChild(this.#options.processUrl);
    this.#ready = null;
    return child;
  }

  /** Rolls back what an ended process left, so that nobody finds its journal; the next writer does it otherwise. */
  async #recover(path: string): Promise<void> {
    if (!existsSync(`${path}-journal`)) return;
    const recovery = new WriterChild(this.#options.processUrl);
    recovery.begin({ kind: 'recover', path }, () => undefined);
    const limit = setTimeout(
      () => recovery.end(new CancelledError('Rolling back')),
      2 * defaultLockTimeoutMs,
    );
    await recovery.outcome.catch(() => undefined);
    clearTimeout(limit);
  }
}

/** One process from its start to its end. */
class WriterChild {
  /** What the command came to; rejects with what it threw, or why the process was ended. */
  outcome: Promise<unknown> = Promise.resolve();
  readonly #child: ChildProcess;
  readonly #startError: Promise<Error>;
  #reason: Error | null = null;
  #isCommitting = false;

  constructor(processUrl: URL) {
    this.#child = spawn(process.execPath, [fileURLToPath(processUrl)], {
      // No folder that somebody may want to delete meanwhile.
      cwd: tmpdir(),
      env: environment(),
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    this.#startError = new Promise((resolve) => this.#child.once('error', resolve));
  }

  /** Whether it is there and has nothing to do yet. */
  get isWaiting(): boolean {
    const { connected, exitCode, signalCode } = this.#child;
    return connected && exitCode === null && signalCode === null;
  }

  /** Gives it what to do, once. */
  begin(command: WriterCommand, onFurtherRows: (rows: number) => void): void {
    this.#hold('ref');
    this.outcome = this.#settle(command, onFurtherRows);
  }

  /** Lets this program end though the process still waits; that ends it as well. */
  letGo(): void {
    this.#hold('unref');
  }

  #hold(how: 'ref' | 'unref'): void {
    const child = this.#child;
    child[how]();
    child.channel?.[how]();
    // Pipes of a child are sockets, whatever their types say.
    for (const stream of [child.stdin, child.stderr]) (stream as Socket | null)?.[how]();
  }

  /** Whether the process was ended before it had answered. */
  get wasEnded(): boolean {
    return this.#reason !== null;
  }

  /** Ends the process with that error, unless it is committing: that is as good as done, and cannot be taken back. */
  end(reason: Error): void {
    if (this.#isCommitting || this.#reason !== null) return;
    this.#reason = reason;
    this.#child.kill('SIGKILL');
  }

  #settle(command: WriterCommand, onFurtherRows: (rows: number) => void): Promise<unknown> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      let complaint = '';
      let answer: Extract<WriterReply, { kind: 'done' | 'error' }> | null = null;
      child.stderr?.on('data', (text: Buffer) => {
        complaint = (complaint + text.toString()).slice(-longestComplaint);
      });
      // Where the process ends while it is written to; its end says why.
      child.stdin?.on('error', () => undefined);
      child.on('message', (reply: WriterReply) => {
        switch (reply.kind) {
          case 'written':
            if (this.#reason !== null) return;
            this.#isCommitting = true;
            child.send({ kind: 'commit' } satisfies WriterCommand, () => undefined);
            return;
          case 'further-rows':
            onFurtherRows(reply.rows);
            return;
          case 'done':
          case 'error':
            answer = reply;
            // Its locks are gone, and it has nothing left to do.
            child.kill('SIGKILL');
        }
      });
      void this.#startError.then((error) =>
        reject(resourceError(error) ?? ended(error.message, this.#isCommitting, complaint)),
      );
      child.once('close', (code, signal) => {
        if (answer?.kind === 'done') resolve(answer.result);
        else if (answer?.kind === 'error') reject(deserializeError(answer.error));
        else reject(this.#reason ?? ended(signal ?? `code ${code ?? '?'}`, this.#isCommitting, complaint));
      });
      // One that could not be started has no channel; its error follows.
      if (!child.connected) return;
      child.send(command, (error) => {
        if (error !== null) child.kill('SIGKILL');
      });
    });
  }
}

/** What to say of rows that triggers changed besides. */
export function furtherRowsText(rows: number, path: string): string {
  return `Triggers of ${path} changed ${counted(rows, 'more row')}.`;
}

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.includes(name));
  // In the desktop editor the running program is Electron, which this variable makes a plain Node.
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1' };
}

function timedOut(path: string, timeLimitMs: number): UserFacingError {
  const seconds = Math.round(timeLimitMs / 1000);
  return new UserFacingError(
    'timed-out',
    `Nothing was written: the change of ${path} was stopped because it took longer than ${seconds} s.`,
    'Look for triggers and missing indexes in the database, then try again.',
  );
}

function ended(how: string, wasCommitting: boolean, complaint: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    wasCommitting
      ? `The process that writes the database ended while it committed (${how}), so the change may or may not be there.`
      : `Nothing was written: the process that writes the database ended unexpectedly (${how}).`,
    wasCommitting ? 'Look at the database before you try again.' : 'Try again.',
    { cause: complaint },
  );
}
