import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type {
  DatabaseWriterPort,
  ExpectedFile,
  WriteDatabase,
  WriteOperation,
} from '../../core/db/databasePorts.ts';
import { modelKeyVariables } from '../../core/builders/endpointSettings.ts';
import { CancelledError, deserializeError, resourceError, UserFacingError } from '../../core/errors.ts';
import { counted } from '../../core/text/quantities.ts';
import { holdProgram } from '../system/processTree.ts';
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
 * Writes databases in a process of its own: a change that goes on forever, by a trigger for one, neither blocks this thread
 * nor keeps the lock, since the process is ended on an abort, at the time limit, and with the program that started it. It
 * is started for one change, or kept for the next where more will follow.
 */
export class WriterClient implements DatabaseWriterPort {
  readonly #options: WriterClientOptions;
  #ready: WriterChild | null = null;
  #keepsProcess = false;

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
    const child = this.#takeChild();
    const outcome = child.run(command, onFurtherRows, this.#keepsProcess);
    const cancel = (): void => child.end(new CancelledError('Writing to the database'));
    const limit = setTimeout(() => child.end(timedOut(path, timeLimitMs)), lockTimeoutMs + timeLimitMs);
    signal?.addEventListener('abort', cancel);
    try {
      // The process answers with what the operation of that name returns.
      return (await outcome) as Result;
    } catch (error) {
      if (child.wasEnded) await this.#recover(path);
      throw error;
    } finally {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
      if (child.isWaiting) this.#keep(child);
    }
  }

  /** A new file holds nothing of anybody's that could run, so that it is made here. */
  create(path: string, work: (db: WriteDatabase) => void, signal?: AbortSignal): Promise<void> {
    return new DatabaseWriter().create(path, work, signal);
  }

  prepare(): void {
    this.#keepsProcess = true;
    if (this.#ready?.isWaiting !== true) this.#keep(new WriterChild(this.#options.processUrl));
  }

  /** Another change may have been made meanwhile, by a process that waits already. */
  #keep(child: WriterChild): void {
    if (this.#ready?.isWaiting === true) {
      child.kill();
      return;
    }
    this.#ready = child;
    child.letGo();
  }

  /** The process that waits already, where it is still there. */
  #takeChild(): WriterChild {
    const child = this.#ready?.isWaiting === true ? this.#ready : new WriterChild(this.#options.processUrl);
    this.#ready = null;
    return child;
  }

  /** Rolls back what an ended process left, so that nobody finds its journal; the next writer does it otherwise. */
  async #recover(path: string): Promise<void> {
    if (!existsSync(`${path}-journal`)) return;
    const recovery = new WriterChild(this.#options.processUrl);
    const recovered = recovery.run({ kind: 'recover', path }, () => undefined, false);
    const limit = setTimeout(
      () => recovery.end(new CancelledError('Rolling back')),
      2 * defaultLockTimeoutMs,
    );
    await recovered.catch(() => undefined);
    clearTimeout(limit);
  }
}

/** A change under way, and who waits for it. */
interface Change {
  readonly onFurtherRows: (rows: number) => void;
  readonly keepsProcess: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One process from its start to its end, which makes one change after the other. */
class WriterChild {
  readonly #child: ChildProcess;
  #change: Change | null = null;
  #answer: Extract<WriterReply, { kind: 'done' | 'error' }> | null = null;
  #reason: Error | null = null;
  #startError: Error | null = null;
  #isCommitting = false;
  #complaint = '';

  constructor(processUrl: URL) {
    this.#child = spawn(process.execPath, [fileURLToPath(processUrl)], {
      // No folder that somebody may want to delete meanwhile.
      cwd: tmpdir(),
      env: environment(),
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    this.#child.once('error', (error) => {
      this.#startError = error;
      this.#settle(this.#change?.reject, resourceError(error) ?? this.#brokenDown(error.message));
    });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString()).slice(-longestComplaint);
    });
    // Where the process ends while it is written to; its end says why.
    this.#child.stdin?.on('error', () => undefined);
    this.#child.on('message', (reply: WriterReply) => this.#take(reply));
    this.#child.once('close', (code, signal) => this.#close(signal ?? `code ${code ?? '?'}`));
  }

  /** Whether it is there and has nothing to do. */
  get isWaiting(): boolean {
    const { connected, exitCode, signalCode, killed } = this.#child;
    return this.#change === null && connected && !killed && exitCode === null && signalCode === null;
  }

  /** Gives it what to do while it waits; resolves with what that came to, and rejects with what it threw or why it was ended. */
  run(
    command: WriterCommand,
    onFurtherRows: (rows: number) => void,
    keepsProcess: boolean,
  ): Promise<unknown> {
    holdProgram(this.#child, 'ref');
    this.#isCommitting = false;
    return new Promise((resolve, reject) => {
      this.#change = { onFurtherRows, keepsProcess, resolve, reject };
      if (this.#startError !== null) {
        this.#settle(reject, this.#brokenDown(this.#startError.message));
        return;
      }
      // One that could not be started has no channel; its error follows.
      if (!this.#child.connected) return;
      this.#child.send(command, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  /** Lets this program end though the process still waits; that ends it as well. */
  letGo(): void {
    holdProgram(this.#child, 'unref');
  }

  /** Whether the process was ended before it had answered. */
  get wasEnded(): boolean {
    return this.#reason !== null;
  }

  /** Ends the process with that error, unless it is committing: that is as good as done, and cannot be taken back. */
  end(reason: Error): void {
    if (this.#isCommitting || this.#reason !== null) return;
    this.#reason = reason;
    this.kill();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #take(reply: WriterReply): void {
    switch (reply.kind) {
      case 'written':
        if (this.#reason !== null) return;
        this.#isCommitting = true;
        this.#child.send({ kind: 'commit' } satisfies WriterCommand, () => undefined);
        return;
      case 'further-rows':
        this.#change?.onFurtherRows(reply.rows);
        return;
      case 'done':
      case 'error':
        this.#takeAnswer(reply);
    }
  }

  #takeAnswer(answer: Extract<WriterReply, { kind: 'done' | 'error' }>): void {
    const change = this.#change;
    if (answer.kind === 'done' && change?.keepsProcess === true && this.#reason === null) {
      this.#settle(change.resolve, answer.result);
      return;
    }
    // Its locks are gone, and it has nothing left to do.
    this.#answer = answer;
    this.kill();
  }

  #close(how: string): void {
    const answer = this.#answer;
    if (answer?.kind === 'done') this.#settle(this.#change?.resolve, answer.result);
    else if (answer?.kind === 'error') this.#settle(this.#change?.reject, deserializeError(answer.error));
    else this.#settle(this.#change?.reject, this.#reason ?? this.#brokenDown(how));
  }

  #settle(settle: ((value: unknown) => void) | undefined, value: unknown): void {
    this.#change = null;
    settle?.(value);
  }

  #brokenDown(how: string): UserFacingError {
    return ended(how, this.#isCommitting, this.#complaint);
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
