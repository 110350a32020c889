import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CancelledError } from '../../core/errors.ts';
import { endLeftovers, endProcessTree, holdProgram } from '../system/processTree.ts';
import type { BoundedProgram } from './boundedChild.ts';

/** What came of a question: the line it was answered with, or why there is none. */
export type ProgramAnswer =
  | { readonly outcome: 'answered'; readonly line: string }
  | { readonly outcome: 'ended' | 'timed-out' | 'failed-to-start' };

/** In bytes; what answers with more is ended. */
const longestAnswer = 1 << 20;

/**
 * A program that answers each line it reads with one line, and stays for the next. It ends with this one, which closes
 * what it reads.
 */
export class AnsweringProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #timeoutMs: number;
  #answer: ((answer: ProgramAnswer) => void) | null = null;
  #end: ProgramAnswer | null = null;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor({ program, args, folder, environment, timeoutMs }: Omit<BoundedProgram, 'input'>) {
    this.#child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      // A group of its own on POSIX, so that all of it can be ended.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#timeoutMs = timeoutMs;
    // It may end without having read what it was given.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.once('exit', () => this.#ended({ outcome: 'ended' }));
    this.#child.once('error', () => this.#ended({ outcome: 'failed-to-start' }));
    // While it only waits it keeps no program from its end.
    holdProgram(this.#child, 'unref');
  }

  /** Whether it may be asked. */
  get isWaiting(): boolean {
    return this.#end === null && this.#answer === null;
  }

  /**
   * Asks it, while it waits. Whoever did not answer in time, or too much, is gone with all it started. Rejects with
   * `CancelledError` at the signal, when it is gone as well.
   */
  async ask(line: string, signal: AbortSignal): Promise<ProgramAnswer> {
    requireGoingOn(signal);
    const cancel = (): void => this.#settle({ outcome: 'ended' });
    const timeout = setTimeout(() => this.#settle({ outcome: 'timed-out' }), this.#timeoutMs);
    signal.addEventListener('abort', cancel);
    holdProgram(this.#child, 'ref');
    try {
      const answer = await new Promise<ProgramAnswer>((resolve) => {
        this.#answer = resolve;
        if (this.#end === null) this.#child.stdin.write(`${line}\n`);
        else this.#settle(this.#end);
      });
      if (answer.outcome !== 'answered') await this.end();
      requireGoingOn(signal);
      return answer;
    } finally {
      clearTimeout(timeout);
      signal.removeEventListener('abort', cancel);
      holdProgram(this.#child, 'unref');
    }
  }

  /** Ends it with all it started. */
  async end(): Promise<void> {
    const hasExited = this.#end !== null;
    this.#ended({ outcome: 'ended' });
    for (const stream of [this.#child.stdin, this.#child.stdout]) stream.destroy();
    const { pid } = this.#child;
    if (pid === undefined) return;
    await (hasExited ? endLeftovers(pid) : endProcessTree(pid));
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length > longestAnswer) this.#settle({ outcome: 'ended' });
    else if (chunk.at(-1) === 0x0a)
      this.#settle({ outcome: 'answered', line: Buffer.concat(this.#chunks).toString('utf8') });
  }

  #ended(end: ProgramAnswer): void {
    this.#end ??= end;
    this.#settle(this.#end);
  }

  #settle(answer: ProgramAnswer): void {
    const resolve = this.#answer;
    this.#answer = null;
    [this.#chunks, this.#length] = [[], 0];
    resolve?.(answer);
  }
}

function requireGoingOn(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError('The check');
}
