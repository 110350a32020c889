import { readRole } from '../identity/role.ts';
import type { QueryContext } from './queryContext.ts';

/** What a backup holds, for a person to decide on before it is restored. */
export interface BackupContent {
  /** Of our identity table; `null` in a backup from before the adoption. */
  readonly id: string | null;
  /** `null` without the table. */
  readonly runs: number | null;
  readonly phases: number | null;
  /** Whether SQLite finds every page of it in order. */
  readonly isWhole: boolean;
}

/** Looks into a backup, whole: it reads every page. */
export function backupContent({ db, schema }: QueryContext): BackupContent {
  const count = (table: string): number | null =>
    schema.hasTable(table) ? Number(db.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n) : null;
  const [check] = db.all('PRAGMA quick_check(1)');
  return {
    id: readRole(db, schema).id,
    runs: count('runs'),
    phases: count('phases'),
    isWhole: check?.quick_check === 'ok',
  };
}
