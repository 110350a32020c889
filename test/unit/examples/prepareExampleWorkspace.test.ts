import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { queryDatabase } from '../../support/queryDatabase.ts';
import { backlogRows } from '../../../examples/backlog/backlogRows.ts';
import { prepareExampleWorkspace } from '../../../examples/prepareExampleWorkspace.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('prepareExampleWorkspace', () => {
  const folder = temporaryFolder();
  const query = (sql: string): Record<string, unknown>[] =>
    queryDatabase(join(folder(), 'autopack_legacy.db'), sql);

  it('makes a backlog of twelve runs in every state a phase can be in', async () => {
    await prepareExampleWorkspace(folder());
    assert.deepEqual(readdirSync(folder()), ['autopack_legacy.db']);
    assert.deepEqual(query('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
    assert.deepEqual(query('SELECT count(DISTINCT run_id) AS runs, count(*) AS phases FROM phases'), [
      { runs: 12, phases: 89 },
    ]);
    assert.deepEqual(
      query('SELECT DISTINCT state FROM phases ORDER BY state').map(({ state }) => state),
      ['COMPLETE', 'EXECUTING', 'FAILED', 'GATE', 'QUEUED', 'SKIPPED', 'queued'],
    );
  });

  it('puts every phase into a tier of its own run', async () => {
    await prepareExampleWorkspace(folder());
    const strays = `SELECT phases.phase_id FROM phases
      LEFT JOIN tiers ON tiers.id = phases.tier_id AND tiers.run_id = phases.run_id WHERE tiers.id IS NULL`;
    assert.deepEqual(query(strays), []);
    const counts = 'SELECT run_id, count(*) AS tiers FROM tiers GROUP BY run_id HAVING tiers > 1';
    assert.equal(query(counts).length, 5);
  });

  it('has what an older version left: fewer columns, and one event whose run is unknown', async () => {
    await prepareExampleWorkspace(folder());
    const columns = query(`SELECT name FROM pragma_table_info('token_estimation_v2_events')`);
    assert.equal(
      columns.some(({ name }) => name === 'actual_max_tokens'),
      false,
    );
    const orphans = `SELECT run_id FROM token_estimation_v2_events
      WHERE run_id NOT IN (SELECT id FROM runs)`;
    assert.deepEqual(query(orphans), [{ run_id: 'unknown' }]);
  });

  it('is the same every time', () => {
    assert.deepEqual(backlogRows(), backlogRows());
  });

  it('leaves a backlog alone that is there', async () => {
    await prepareExampleWorkspace(folder());
    const before = statSync(join(folder(), 'autopack_legacy.db'));
    await prepareExampleWorkspace(folder());
    const after = statSync(join(folder(), 'autopack_legacy.db'));
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
  });
});
