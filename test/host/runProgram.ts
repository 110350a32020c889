import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly exitCode: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Kills the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** How long what it started may outlive it, in ms. */
const outlivedMs = 5_000;

/** Runs a program to its end and keeps what it says; rejects only when it cannot be started. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, signal }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const endWithUs = (): void => void child.kill();
    process.once('exit', endWithUs);
    const kill = (): void => void child.kill('SIGKILL');
    signal?.addEventListener('abort', kill);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('exit', () => {
      // What it started and left behind may hold its output open for ever.
      const closing = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, outlivedMs);
      child.on('close', () => clearTimeout(closing));
    });
    child.on('close', (code, endedBy) => {
      process.off('exit', endWithUs);
      signal?.removeEventListener('abort', kill);
      const ending = endedBy === null ? '' : `\nended by ${endedBy}\n`;
      resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') + ending });
    });
  });
}
