import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseWriterPort } from '../../../src/core/db/databasePorts.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import type { JournalEntry } from '../../../src/core/identity/journalEntry.ts';
import type { RequeuedPhase } from '../../../src/core/maintenance/requeue.ts';
import { revisedColumns, revisionOf } from '../../../src/core/queries/phases.ts';
import { adopted } from '../adopted.ts';
import { createBacklog } from '../smallBacklog.ts';
import { loadIntoPostgres } from './loadDatabase.ts';
import type { PostgresServer } from './postgresServer.ts';
import { adoptedOnServer, serverWriter } from './serverWriter.ts';

/** Every value as both engines have it: times without a fraction of zero, JSON in one spelling, booleans as numbers. */
function plain(rows: readonly object[]): unknown {
  const value = (each: unknown): unknown => {
    if (typeof each === 'boolean') return Number(each);
    if (typeof each !== 'string') return each;
    if (each.startsWith('{')) return JSON.stringify(JSON.parse(each));
    return each.replace(/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.0+)?$/, '$1T$2');
  };
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, each]) => [name, value(each)])),
  );
}

const tables = ['runs', 'tiers', 'phases'] as const;

export interface Place {
  readonly path: string;
  readonly expected: WriteExpectation;
}

export interface Both {
  readonly file: Place;
  readonly server: Place;
  readonly writer: DatabaseWriterPort;
  /** Throws unless both have the same rows. */
  readonly compare: () => Promise<void>;
}

/** What tests of writes look at. */
export interface BothEngines {
  /** The same small backlog in a file and on the server, adopted; as a seed it is empty. */
  readonly both: (role?: 'seed' | 'legacy') => Promise<Both>;
  readonly ask: (sql: string, params?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  /** Every row of the server, as it writes them. */
  readonly rowsOf: () => Promise<unknown>;
  readonly failedPhases: () => Promise<RequeuedPhase[]>;
  readonly lastEntry: () => Promise<JournalEntry>;
}

/** Databases of that name in both engines. */
export function bothEngines(server: () => PostgresServer, folder: () => string, name: string): BothEngines {
  const ask = (sql: string, params: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    server().query(name, sql, params);

  async function both(role: 'seed' | 'legacy' = 'legacy'): Promise<Both> {
    const path = join(folder(), `${name}.db`);
    rmSync(path, { force: true });
    createBacklog(path);
    await loadIntoPostgres(server(), name, path);
    const writer = serverWriter(folder());
    if (role === 'seed') {
      const file = new DatabaseSync(path);
      file.exec('DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
      file.close();
      await ask('DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
    }
    const onServer = await adoptedOnServer(server(), name, writer, role);
    return {
      file: { path, expected: await adopted(path, role) },
      server: { path: onServer.path, expected: onServer },
      writer,
      compare: async () => {
        const file = new DatabaseSync(path, { readOnly: true });
        try {
          for (const table of tables) {
            // Ids come from a sequence there.
            const order =
              table === 'runs' ? 'id' : table === 'tiers' ? 'run_id, tier_id' : 'run_id, phase_id';
            const own = file.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all();
            const rows = await ask(
              `SELECT row_to_json(t) AS row FROM ${table} t ORDER BY ${order.replaceAll(/(\w+)/g, '$1 COLLATE "C"')}`,
            );
            const theirs = rows.map(({ row }) => {
              const found = row as Record<string, unknown>;
              return 'scope' in found && typeof found.scope === 'object' && found.scope !== null
                ? { ...found, scope: JSON.stringify(found.scope) }
                : found;
            });
            const withoutIds = (list: readonly object[]): object[] =>
              list.map((row) => ({
                ...row,
                ...(table === 'runs' ? {} : { id: 0 }),
                ...(role === 'seed' ? { tier_id: 0 } : {}),
              }));
            assert.deepEqual(plain(withoutIds(theirs)), plain(withoutIds(own)), table);
          }
        } finally {
          file.close();
        }
      },
    };
  }

  async function rowsOf(): Promise<unknown> {
    const found: unknown[] = [];
    for (const table of tables) found.push(await ask(`SELECT t::text AS row FROM ${table} t ORDER BY 1`));
    return found;
  }

  async function failedPhases(): Promise<RequeuedPhase[]> {
    const columns = revisedColumns.map((column) => `${column}::text AS ${column}`).join(', ');
    const rows = await ask(
      `SELECT id, run_id, phase_id, ${columns} FROM phases WHERE state = 'FAILED' ORDER BY id`,
    );
    return rows.map((row) => {
      const stored = Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          typeof value === 'string' && /^\d{4}-.*:\d\d$/.test(value)
            ? `${value}.000000`
            : ['tokens_used', 'builder_attempts'].includes(column) && value !== null
              ? Number(value)
              : value,
        ]),
      ) as Parameters<typeof revisionOf>[0];
      const key = { runId: String(row.run_id), phaseId: String(row.phase_id) };
      return { ...key, rowId: Number(row.id), state: 'FAILED', revision: revisionOf(stored) };
    });
  }

  const lastEntry = async (): Promise<JournalEntry> => {
    const [note] = await ask(
      'SELECT serial::int, operation, mark, details::json AS details FROM autopack_hygiene.journal ORDER BY serial DESC LIMIT 1',
    );
    const { details, ...entry } = note ?? {};
    return { ...entry, ...(details as object) } as unknown as JournalEntry;
  };

  return { both, ask, rowsOf, failedPhases, lastEntry };
}
