import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { rowsOf } from '../openSnapshots.ts';

const shell = spawnSync('sqlite3', ['-version']).status === 0;

/** An answer as text, or the kind of error that came instead. */
export type Answer = { readonly text: string } | { readonly error: string };

/** What SQLite itself answers on a copy of the database and of what lies beside it: the shell, or where there is none, Node's. */
export function nativeAnswer(path: string, sql: string): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-hygiene-native-'));
  try {
    const copy = join(folder, 'copy.db');
    for (const suffix of ['', '-journal', '-wal']) {
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    }
    return shell ? askShell(copy, sql) : askNode(copy, sql);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the product answers in place, having changed nothing there. `sql` gives one row with one text. */
export async function ourAnswer(path: string, sql: string): Promise<Answer> {
  const before = content(path);
  let answer: Answer;
  try {
    const [row] = await rowsOf(path, sql);
    answer = { text: String(Object.values(row ?? {})[0] ?? '') };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  assert.deepEqual(content(path), before, 'reading changed something on disk');
  return answer;
}

/** The same text, or an error from both; their words differ. */
export function assertSameAnswer(ours: Answer, native: Answer): void {
  if ('error' in native) assert.ok('error' in ours, `SQLite fails: ${native.error}`);
  else assert.deepEqual(ours, native);
}

function askShell(path: string, sql: string): Answer {
  const { status, stdout, stderr } = spawnSync('sqlite3', ['-batch', path, sql], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return status === 0 ? { text: stdout.replace(/\n$/, '') } : { error: stderr };
}

function askNode(path: string, sql: string): Answer {
  try {
    const database = new DatabaseSync(path);
    try {
      return { text: String(Object.values(database.prepare(sql).get() ?? {})[0] ?? '') };
    } finally {
      database.close();
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Every file of the folder with a digest of its bytes. */
function content(path: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );
}
