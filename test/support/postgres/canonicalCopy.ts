import { copyFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { formatStoredTimestamp, parseTimestamp } from '../../../src/core/model/timestamp.ts';

const timeColumn = /(?:_at|timestamp)$/;

/**
 * A copy of a SQLite database in which times and booleans are written as SQLAlchemy writes them, which is all that a server
 * can tell of them: it does not keep how they were written.
 */
export function canonicalCopy(from: string, to: string): string {
  copyFileSync(from, to);
  const file = new DatabaseSync(to, { enableForeignKeyConstraints: false });
  try {
    file.function('canonical_time', { deterministic: true }, canonicalTime);
    file.exec('BEGIN');
    const tables = file
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
      .all();
    for (const { name: table } of tables) {
      for (const { name, type } of file.prepare(`PRAGMA table_info("${String(table)}")`).all()) {
        const cell = `"${String(name)}"`;
        const set =
          type === 'BOOLEAN'
            ? `CASE WHEN lower(${cell}) IN ('true', 't') THEN 1 WHEN lower(${cell}) IN ('false', 'f') THEN 0 ELSE ${cell} END`
            : timeColumn.test(String(name))
              ? `canonical_time(${cell})`
              : null;
        if (set !== null)
          file.exec(`UPDATE "${String(table)}" SET ${cell} = ${set} WHERE ${cell} IS NOT ${set}`);
      }
    }
    file.exec('COMMIT');
  } finally {
    file.close();
  }
  return to;
}

function canonicalTime(value: SQLInputValue): SQLInputValue {
  if (typeof value !== 'string') return value;
  const ms = parseTimestamp(value);
  if (ms === null) return value;
  const fraction = /[.,](\d{4,6})\b/.exec(value)?.[1];
  const stored = formatStoredTimestamp(ms);
  return fraction === undefined ? stored : stored.slice(0, -6) + fraction.padEnd(6, '0');
}
