import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFacingError } from '../../../src/core/errors.ts';
import { newestResumable, type SessionFiles } from '../../../src/node/drain/sessionStore.ts';

const program = join(import.meta.dirname, 'drainProcess.ts');

/** The session to go on with; `null` where the last drain came to its end, or had not begun one. */
export async function toBeResumed(files: SessionFiles, databasePath: string): Promise<string | null> {
  const [row] = execute(databasePath, 'SELECT id FROM autopack_hygiene_identity') as { id: string }[];
  return newestResumable(files, databasePath, row?.id ?? null).catch((error: unknown) => {
    if (error instanceof UserFacingError && error.code === 'not-found') return null;
    throw error;
  });
}

interface DrainRun {
  /** It came as far as to begin or take up a session. */
  readonly hasStarted: boolean;
  readonly isKilled: boolean;
  readonly stop: string | null;
  readonly stderr: string;
}

/** Runs a drain and kills it so long after it took up its session, or early, after it was started; without a kill to its end. */
export async function drainUntilKilled(
  args: readonly string[],
  kill: { readonly delayMs: number; readonly isEarly: boolean } | null,
): Promise<DrainRun> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  if (kill !== null) {
    if (!kill.isEarly) await Promise.race([closed, once(child.stdout, 'data')]);
    await Promise.race([closed, wait(kill.delayMs)]);
    child.kill('SIGKILL');
  }
  await closed;
  return {
    hasStarted: /^started /m.test(stdout),
    isKilled: child.signalCode === 'SIGKILL',
    stop: /^ended (.+)$/m.exec(stdout)?.[1] ?? null,
    stderr,
  };
}

/** The session to resume, as an argument of the process. */
export function argument(session: string | null): string[] {
  return session === null ? [] : [session];
}

/** The rows of a query, or a change. */
export function execute(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

/** The one number `n` that a query gives. */
export function count(path: string, sql: string): number {
  return (execute(path, sql)[0] as { n: number }).n;
}
