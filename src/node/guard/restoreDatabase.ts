import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Row } from '../../core/db/readDatabase.ts';
import { TolerantSchema } from '../../core/db/tolerantSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { type DatabaseIdentity, readIdentity } from '../../core/identity/identityTable.ts';
import { placeNewFile, refuseUnplaceable } from '../writer/placeNewFile.ts';
import { sqliteError } from '../writer/sqliteError.ts';
import { type Backup, Backups } from './backups.ts';
import { copyDatabase } from './copyDatabase.ts';
import { refuseLocked } from './refuseLocked.ts';

/** What is to be restored, and where to; paths are absolute. */
export interface Restoration {
  readonly path: string;
  readonly backupPath: string;
  /** Whose backups take in the present content. */
  readonly workspaceFolder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a backup holds, for a person to decide on. */
export interface BackupContent {
  readonly identity: DatabaseIdentity | null;
  /** `null` without the table. */
  readonly runs: number | null;
  readonly phases: number | null;
}

/** Looks into a backup, whole: fails with `not-sqlite` or `corrupt` where it could not be restored. */
export function inspectBackup(backupPath: string): BackupContent {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(backupPath, { readOnly: true });
    const db = database;
    // Row holds all that SQLite returns as long as big integers are not asked for.
    const all = (sql: string): Row[] => db.prepare(sql).all() as Row[];
    const [check] = all('PRAGMA quick_check(1)');
    if (Object.values(check ?? {})[0] !== 'ok') throw damaged(backupPath);
    const schema = TolerantSchema.read({ all });
    const count = (table: string): number | null =>
      schema.hasTable(table) ? Number(all(`SELECT count(*) AS n FROM ${table}`)[0]?.n) : null;
    return { identity: readIdentity({ all }, schema), runs: count('runs'), phases: count('phases') };
  } catch (error) {
    throw sqliteError(error, backupPath);
  } finally {
    database?.close();
  }
}

/**
 * Puts the content of a backup into a database, and keeps its present content as a backup, which is the result; `null`
 * where there was no file. Goes through SQLite into the file that is there, so that whoever has it open sees the one
 * state or the other, and no old log can be applied to the new content. Throws `locked` while somebody writes.
 */
export async function restoreDatabase(
  { path, backupPath, workspaceFolder, now }: Restoration,
  signal?: AbortSignal,
): Promise<Backup | null> {
  inspectBackup(backupPath);
  if (!existsSync(path)) {
    await placeCopy(backupPath, path, signal);
    return null;
  }
  refuseLocked(path);
  const aside = await new Backups(workspaceFolder).make(path, 'restore', now, signal);
  await copyDatabase(backupPath, path, signal);
  return aside;
}

async function placeCopy(from: string, path: string, signal: AbortSignal | undefined): Promise<void> {
  await refuseUnplaceable(path);
  const draft = `${path}.restoring.tmp`;
  try {
    await copyDatabase(from, draft, signal);
    await placeNewFile(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function damaged(path: string): UserFacingError {
  return new UserFacingError(
    'corrupt',
    `The backup ${path} is damaged and cannot be restored.`,
    'Choose another backup.',
  );
}
