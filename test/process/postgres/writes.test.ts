import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseWriterPort } from '../../../src/core/db/databasePorts.ts';
import { TolerantSchema } from '../../../src/core/db/tolerantSchema.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import type { WriteExpectation } from '../../../src/core/identity/databaseFingerprint.ts';
import { setLevelOperation } from '../../../src/core/identity/setLevel.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { deleteRunOperation, runContent } from '../../../src/core/maintenance/deleteRun.ts';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { requeueOperation, type RequeuedPhase } from '../../../src/core/maintenance/requeue.ts';
import { revisedColumns, revisionOf } from '../../../src/core/queries/phases.ts';
import { seedOperation } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { claimPhaseOperation } from '../../../src/core/builders/claimPhase.ts';
import { adopted } from '../../support/adopted.ts';
import { loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { adoptedOnServer, serverWriter } from '../../support/postgres/serverWriter.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const now = Date.UTC(2026, 0, 5, 12);

/** The rows of the seven tables, ids of new rows left out. */
function rowsOfFile(path: string): Record<string, unknown[]> {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = (table: string): unknown[] =>
    db
      .prepare(`SELECT * FROM ${table} ORDER BY 1`)
      .all()
      .map((row) => ({ ...row }));
  const found = { runs: rows('runs'), tiers: rows('tiers'), phases: rows('phases') };
  db.close();
  return found;
}

describe('writing to PostgreSQL', function () {
  this.timeout(60_000);
  const server = postgresServer();
  const folder = temporaryFolder();

  interface Both {
    readonly file: { readonly path: string; readonly expected: WriteExpectation };
    readonly server: { readonly path: string; readonly expected: WriteExpectation };
    readonly writer: DatabaseWriterPort;
    readonly rows: () => Promise<Record<string, unknown[]>>;
  }

  async function both(role: 'seed' | 'legacy' = 'legacy', name = 'writes'): Promise<Both> {
    const path = join(folder(), `${name}.db`);
    createBacklog(path);
    await loadIntoPostgres(server(), name, path);
    const writer = serverWriter(folder());
    const onServer = await adoptedOnServer(server(), name, writer, role);
    if (role === 'seed') {
      const file = new DatabaseSync(path);
      file.exec('DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
      file.close();
      await server().query(name, 'DELETE FROM phases; DELETE FROM tiers; DELETE FROM runs');
    }
    const expected = await adopted(path, role);
    return {
      file: { path, expected },
      server: { path: onServer.path, expected: onServer },
      writer,
      rows: async () => {
        const found: Record<string, unknown[]> = {};
        for (const table of ['runs', 'tiers', 'phases']) {
          found[table] = await server().query(name, `SELECT * FROM ${table} ORDER BY 1`);
        }
        return found;
      },
    };
  }

  const plain = (rows: Record<string, unknown[]>): unknown =>
    Object.fromEntries(
      Object.entries(rows).map(([table, list]) => [
        table,
        list.map((row) =>
          Object.fromEntries(
            Object.entries(row as object).map(([name, value]) => [
              name,
              value instanceof Date
                ? value.toISOString().slice(0, 19)
                : typeof value === 'string'
                  ? value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.0+)?$/, '$1T$2')
                  : typeof value === 'object' && value !== null
                    ? JSON.stringify(value)
                    : name === 'scope' && typeof value === 'string'
                      ? JSON.stringify(JSON.parse(value))
                      : value,
            ]),
          ),
        ),
      ]),
    );

  it('re-queues phases as it does in a file', async () => {
    const { file, server: own, writer, rows } = await both();
    const db = new DatabaseSync(file.path, { readOnly: true });
    const phases = db
      .prepare(`SELECT id, run_id, phase_id, ${revisedColumns.join(', ')} FROM phases WHERE state = 'FAILED'`)
      .all()
      .map((row): RequeuedPhase => ({
        rowId: Number(row.id),
        runId: String(row.run_id),
        phaseId: String(row.phase_id),
        state: 'FAILED',
        revision: revisionOf(row as Parameters<typeof revisionOf>[0]),
      }));
    db.close();
    // Times on the server have microseconds.
    const onServer = phases.map((phase) => ({
      ...phase,
      revision: phase.revision.replaceAll(/(\d\d:\d\d:\d\d)"/g, '$1.000000"'),
    }));
    assert.equal(await guardedWrite(writer, file, requeueOperation, { phases, now }), 2);
    assert.equal(await guardedWrite(writer, own, requeueOperation, { phases: onServer, now }), 2);
    const [first] = await server().query(
      'writes',
      'SELECT state, completed_at, updated_at::text FROM phases WHERE id = 1',
    );
    assert.deepEqual(first, { state: 'QUEUED', completed_at: null, updated_at: '2026-01-05 12:00:00' });
    assert.deepEqual(plain(await rows()), plain(rowsOfFile(file.path)));
    const [note] = await server().query(
      'writes',
      'SELECT operation, details::json AS details FROM autopack_hygiene.journal ORDER BY serial DESC LIMIT 1',
    );
    assert.equal(note?.operation, 'requeue');
    assert.deepEqual((note?.details as { rows: object }).rows, { phases: 2 });
  });
});
