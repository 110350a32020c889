import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDatabaseUrl } from '../../../src/core/db/databaseUrl.ts';

/** Starts programs that look as if they worked on a phase of a database; they end with the test. */
export function lookAlikeWorker(
  folder: () => string,
): (databasePath: string, runId: string, phaseId: string) => Promise<ChildProcess> {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });
  return async (databasePath, runId, phaseId) => {
    const script = join(folder(), 'drainOnePhase.mjs');
    await writeFile(script, `process.stdout.write('up'); setInterval(() => undefined, 1000);`);
    const env = { ...process.env, DATABASE_URL: formatDatabaseUrl(databasePath) };
    const args = [script, '--run-id', runId, '--phase-id', phaseId];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };
}
