import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JournalMode } from './ledger.ts';

/** The programs that write: two bindings of SQLite, with its locks. */
export const writers = ['node:sqlite', 'Python'] as const;

export type Writer = (typeof writers)[number];

/** Whether the writer's interpreter is there. */
export function canRun(writer: Writer): boolean {
  return writer === 'node:sqlite' || spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
}

/** Another process that commits without pause, from its first commit on. */
export async function startWriter(
  writer: Writer,
  path: string,
  mode: JournalMode,
  synchronous = 'OFF',
): Promise<{ kill(): Promise<void> }> {
  const [program, script] =
    writer === 'Python'
      ? ['python3', join(import.meta.dirname, 'busy_writer.py')]
      : [process.execPath, join(import.meta.dirname, 'busyWriter.ts')];
  const child = spawn(program, [script, path, mode, synchronous], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  if (child.exitCode !== null) throw new Error(`The writer ended with ${child.exitCode}.`);
  return {
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
