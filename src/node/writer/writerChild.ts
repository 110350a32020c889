import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { modelKeyVariables } from '../../core/builders/endpointSettings.ts';
import { deserializeError, resourceError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { holdProgram } from '../system/processTree.ts';
import { translationArguments } from '../system/translations.ts';
import type { WriterCommand, WriterReply } from './writerMessages.ts';

/** Variables of an editor or a debugger around us that would change how a child runs, and keys that only executors need. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS', 'AUTOPACK_API_KEY', ...modelKeyVariables];
/** The end of what a process says before it breaks down, in characters. */
const longestComplaint = 2000;

/** Learns of a change while it is made, see `WriterClientOptions`. */
export interface ChangeListener {
  readonly onFurtherRows?: (rows: number | null) => void;
  readonly onJournalProblem?: (message: string) => void;
}

/** A change under way, and who waits for it. */
interface Change {
  readonly listener: ChangeListener;
  readonly keepsProcess: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One process from its start to its end, which makes one change after the other. */
export class WriterChild {
  readonly #child: ChildProcess;
  #change: Change | null = null;
  #answer: Extract<WriterReply, { kind: 'done' | 'error' }> | null = null;
  #reason: Error | null = null;
  #startError: Error | null = null;
  #isCommitting = false;
  #complaint = '';

  constructor(processUrl: URL) {
    this.#child = spawn(process.execPath, [fileURLToPath(processUrl), ...translationArguments()], {
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
    this.#child.once('close', (code, signal) => this.#close(signal ?? t`code ${code ?? '?'}`));
  }

  /** Whether it is there and has nothing to do. */
  get isWaiting(): boolean {
    const { connected, exitCode, signalCode, killed } = this.#child;
    return this.#change === null && connected && !killed && exitCode === null && signalCode === null;
  }

  /** Gives it what to do while it waits; resolves with what that came to, and rejects with what it threw or why it was ended. */
  run(command: WriterCommand, listener: ChangeListener, keepsProcess: boolean): Promise<unknown> {
    holdProgram(this.#child, 'ref');
    this.#isCommitting = false;
    return new Promise((resolve, reject) => {
      this.#change = { listener, keepsProcess, resolve, reject };
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
        this.#change?.listener.onFurtherRows?.(reply.rows);
        return;
      case 'journal-problem':
        this.#change?.listener.onJournalProblem?.(reply.message);
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

function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.includes(name));
  // In the desktop editor the running program is Electron, which this variable makes a plain Node.
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: '1' };
}

function ended(how: string, wasCommitting: boolean, complaint: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    wasCommitting
      ? t`The process that writes the database ended while it committed (${how}), so the change may or may not be there.`
      : t`Nothing was written: the process that writes the database ended unexpectedly (${how}).`,
    wasCommitting ? t`Look at the database before you try again.` : t`Try again.`,
    { cause: complaint },
  );
}
