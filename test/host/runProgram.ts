import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly exitCode: number;
  /** Standard output and error, as they came. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and keeps what it says; rejects only when it cannot be started. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env = process.env }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const endWithUs = (): void => void child.kill();
    process.once('exit', endWithUs);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', endWithUs);
      const ending = signal === null ? '' : `\nended by ${signal}\n`;
      resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') + ending });
    });
  });
}
