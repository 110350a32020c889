import { execFile } from 'node:child_process';

/** How git ended. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 20_000;

/** Runs git in a folder; `null` where there is none, or it did not end in time. */
export function runGit(folder: string, args: readonly string[]): Promise<GitAnswer | null> {
  // No lock is taken for a mere question, so that the person's own git is never in the way.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: timeoutMs, maxBuffer: 16 << 20 };
    execFile('git', args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else resolve(typeof error.code === 'number' ? { exitCode: error.code, stdout, stderr } : null);
    });
  });
}
