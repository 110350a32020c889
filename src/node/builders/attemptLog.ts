import { formatStoredTimestamp } from '../../core/model/timestamp.ts';
import { printableLines } from '../../core/text/printable.ts';
import { maskSecrets } from '../../core/text/maskSecrets.ts';
import { openOwnFile } from '../system/replaceFile.ts';

/** How much of the end of a stream is kept for messages and fingerprints, in characters. */
const tailLength = 8192;

/** The two log files of an attempt, which other executors' output goes to; see `LogPaths`. */
export class AttemptLog {
  readonly #streams: Record<'stdout' | 'stderr', LogStream>;

  constructor({ stdoutPath, stderrPath }: { readonly stdoutPath: string; readonly stderrPath: string }) {
    this.#streams = { stdout: new LogStream(stdoutPath), stderr: new LogStream(stderrPath) };
  }

  /** A line as Autopack's own logger writes it, by which log parsers know it. */
  info(message: string): void {
    const time = formatStoredTimestamp(Date.now()).slice(0, 19);
    this.#streams.stdout.write(`[${time}] INFO: ${maskSecrets(printableLines(message))}\n`);
  }

  complain(message: string): void {
    this.#streams.stderr.write(`${maskSecrets(printableLines(message))}\n`);
  }

  get stdoutTail(): string {
    return this.#streams.stdout.tail;
  }

  get stderrTail(): string {
    return this.#streams.stderr.tail;
  }

  /** Resolves when all of it is in the files; a log that cannot be written is no reason to fail. */
  async close(): Promise<void> {
    await Promise.all([this.#streams.stdout.flushed(), this.#streams.stderr.flushed()]);
  }
}

class LogStream {
  tail = '';
  readonly #path: string;
  #pending = '';
  #writing: Promise<void> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  write(text: string): void {
    this.tail = (this.tail + text).slice(-tailLength);
    this.#pending += text;
    this.#writing ??= this.#flush();
  }

  async flushed(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  async #flush(): Promise<void> {
    try {
      const file = await openOwnFile(this.#path, 'append');
      try {
        while (this.#pending !== '') {
          const text = this.#pending;
          this.#pending = '';
          await file.appendFile(text);
        }
      } finally {
        await file.close();
      }
    } catch {
      this.#pending = '';
    } finally {
      this.#writing = null;
    }
  }
}
