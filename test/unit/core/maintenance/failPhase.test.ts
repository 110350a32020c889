import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { Row, WriteDatabase } from '../../../../src/core/db/databasePorts.ts';
import { failPhase, requeuePhase } from '../../../../src/core/maintenance/failPhase.ts';

describe('failPhase', () => {
  const key = { runId: 'r', phaseId: 'p' };
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);

  function database(
    columns: string,
    state: string,
  ): { db: WriteDatabase; rows: () => Record<string, unknown>[] } {
    const native = new DatabaseSync(':memory:');
    native.exec(`CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT${columns})`);
    native.exec(
      `INSERT INTO phases (run_id, phase_id, state) VALUES ('r', 'p', '${state}'), ('other', 'p', '${state}')`,
    );
    return {
      db: {
        all: (sql, params = []) => native.prepare(sql).all(...params) as Row[],
        run: (sql, params = []) => Number(native.prepare(sql).run(...params).changes),
      },
      rows: () =>
        native
          .prepare('SELECT * FROM phases')
          .all()
          .map((row) => ({ ...row })),
    };
  }

  it('writes state, reason and times for that phase of that run alone', () => {
    const { db, rows } = database(
      ', last_failure_reason TEXT, updated_at TEXT, completed_at TEXT',
      'EXECUTING',
    );
    assert.equal(failPhase(db, key, 'Timed out.', 'EXECUTING', now), true);
    const time = '2026-01-02 03:04:05.000000';
    assert.deepEqual(rows()[0], {
      run_id: 'r',
      phase_id: 'p',
      state: 'FAILED',
      last_failure_reason: 'Timed out.',
      updated_at: time,
      completed_at: time,
    });
    assert.equal(rows()[1]?.state, 'EXECUTING');
  });

  it('writes what an older schema has a place for, in its letter case', () => {
    const { db, rows } = database('', 'executing');
    assert.equal(failPhase(db, key, 'Timed out.', 'EXECUTING', now), true);
    assert.equal(rows()[0]?.state, 'failed');
  });

  it('puts a phase back in the queue, with the reason why', () => {
    const { db, rows } = database(', last_failure_reason TEXT, completed_at TEXT', 'failed');
    db.run("UPDATE phases SET last_failure_reason = 'no key', completed_at = 'then'");
    assert.equal(requeuePhase(db, key, 'FAILED', now), true);
    const [row, other] = rows();
    assert.deepEqual([row?.state, row?.last_failure_reason, row?.completed_at], ['queued', 'no key', null]);
    assert.equal(other?.state, 'failed');
    assert.equal(requeuePhase(db, key, 'FAILED', now), false);
  });

  it('leaves a phase that has moved on', () => {
    const { db, rows } = database('', 'COMPLETE');
    assert.equal(failPhase(db, key, 'Timed out.', 'EXECUTING', now), false);
    assert.equal(failPhase(db, { ...key, phaseId: 'none' }, 'Timed out.', 'EXECUTING', now), false);
    assert.equal(rows()[0]?.state, 'COMPLETE');
  });
});
