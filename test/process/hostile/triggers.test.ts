import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { UserFacingError } from '../../../src/core/errors.ts';
import { deleteRunOperation } from '../../../src/core/maintenance/deleteRun.ts';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { WriterClient } from '../../../src/node/writer/writerClient.ts';
import { journalIn } from '../../support/journalIn.ts';
import { writerUrl } from '../../support/databaseReader.ts';
import { GuardWorld, meddle, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { changes, firstPhase, seededRun } from '../../support/guard/everyChange.ts';
import { type Attempt, attempts, endless, hidden, refused, trigger } from './triggerAttempts.ts';

describe('hostile schemas: triggers, views and foreign keys on what we write', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  async function prepared(): Promise<{ world: GuardWorld; path: string }> {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make(`${randomUUID()}.db`);
    meddle(
      path,
      "UPDATE phases SET state = 'FAILED' WHERE phase_index < 3",
      "UPDATE phases SET state = 'EXECUTING', updated_at = '2026-01-01 00:00:00' WHERE phase_index = 5",
    );
    return { world, path };
  }

  async function refusesBoth({ plant, stops, code, message }: Attempt, isSeenBefore: boolean): Promise<void> {
    for (const stop of stops) {
      const change = changes[stop];
      assert.ok(change);
      for (const when of isSeenBefore ? ['before', 'meanwhile'] : ['before']) {
        const { world, path } = await prepared();
        let attempt: () => Promise<unknown>;
        if (when === 'before') {
          meddle(path, ...plant);
          attempt = async () => (await change(world, path))();
        } else {
          attempt = await change(world, path);
          meddle(path, ...plant);
        }
        const before = await world.contents();
        const error = await rejectsWith(code, attempt());
        assert.match(error.message, message, `${stop}, planted ${when}`);
        assert.deepEqual(await world.contents(), before, 'nothing is written, and no backup is kept');
      }
    }
  }

  for (const attempt of attempts) {
    it(`refuses ${attempt.name}, there before or planted meanwhile`, () => refusesBoth(attempt, true));
  }
  for (const attempt of hidden) {
    it(`refuses ${attempt.name}`, () => refusesBoth(attempt, false));
  }

  it('makes every change where nothing is planted', async () => {
    for (const [name, change] of Object.entries(changes)) {
      const { world, path } = await prepared();
      await (
        await change(world, path)
      )();
      assert.ok(existsSync(path), name);
    }
  });

  const referenceTrigger = `CREATE TRIGGER IF NOT EXISTS update_build_runs_timestamp
       AFTER UPDATE ON build_runs
       FOR EACH ROW
       BEGIN
           UPDATE build_runs SET updated_at = CURRENT_TIMESTAMP WHERE run_id = NEW.run_id;
       END`;
  for (const [name, plant, message] of [
    ['lets the triggers of Autopack run, and says what they changed', [], null],
    [
      'refuses what a foreign key behind such a trigger changes',
      [
        'CREATE TABLE notes (at TEXT REFERENCES build_runs (updated_at) ON UPDATE CASCADE)',
        "INSERT INTO notes VALUES ('x')",
      ],
      /^Nothing was written to .*: the change would come to \d+ rows where \d+ rows were agreed to\.$/,
    ],
    [
      'refuses another trigger behind such a trigger',
      [trigger('AFTER UPDATE ON build_runs', 'DELETE FROM tiers')],
      refused('build_runs'),
    ],
  ] as const) {
    it(name, async () => {
      const { world, path } = await prepared();
      meddle(
        path,
        `CREATE TABLE build_runs (run_id TEXT PRIMARY KEY, begun_by TEXT REFERENCES runs (id) ON DELETE SET NULL,
                                updated_at TEXT UNIQUE)`,
        `INSERT INTO build_runs VALUES ('another', '${seededRun}', 'x')`,
        referenceTrigger,
        ...plant,
      );
      const further: (number | null)[] = [];
      const writer = new WriterClient({
        processUrl: writerUrl,
        onFurtherRows: (rows) => further.push(rows),
        journal: journalIn(world.folder),
      });
      const expected = await world.authorise(path, 'delete-run');
      const { value: run } = await world.reader.request(path, 'runToDelete', { runId: seededRun });
      const write = guardedWrite(writer, { path, expected }, deleteRunOperation, { run });
      if (message === null) {
        await write;
        assert.deepEqual(further, [1]);
        assert.equal(count(path, 'SELECT count(*) AS n FROM runs'), 0);
        assert.equal(
          count(path, "SELECT count(*) AS n FROM build_runs WHERE begun_by IS NULL AND updated_at <> 'x'"),
          1,
        );
      } else {
        const error = await write.then(
          () => assert.fail('written'),
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof UserFacingError);
        assert.match(error.message, message);
        assert.equal(count(path, 'SELECT count(*) AS n FROM runs'), 1);
      }
    });
  }

  it('lets triggers run that a person allowed, says what they changed, and holds on to what was agreed', async () => {
    const { world, path } = await prepared();
    meddle(
      path,
      'CREATE TABLE log (what)',
      trigger('AFTER UPDATE ON phases', 'INSERT INTO log VALUES (new.state)', 'harmless'),
    );
    const further: (number | null)[] = [];
    const writer = new WriterClient({
      processUrl: writerUrl,
      onFurtherRows: (rows) => further.push(rows),
      journal: journalIn(world.folder),
    });
    const expected = await world.authorise(path, 'drain', { allowTriggers: true });
    const write = (phaseId: string): Promise<boolean> =>
      guardedWrite(writer, { path, expected }, failPhaseOperation, {
        key: { ...firstPhase, phaseId },
        reason: 'x',
        from: 'FAILED',
        now: Date.now(),
      });
    assert.equal(await write(firstPhase.phaseId), true);
    assert.deepEqual(further, [1]);
    meddle(path, trigger('BEFORE UPDATE ON phases', 'SELECT RAISE(IGNORE)', 'swallows'));
    const swallowed = await rejectsWith('unexpected-changes', write(firstPhase.phaseId));
    assert.match(swallowed.message, /a statement changed 0 rows where 1 were agreed to/);
    meddle(
      path,
      'DROP TRIGGER swallows',
      trigger('AFTER UPDATE ON phases', "UPDATE autopack_hygiene_identity SET role = 'legacy'", 'role'),
    );
    const role = await rejectsWith('other-database', write(firstPhase.phaseId));
    assert.match(role.message, /role was seed, is legacy/);
    assert.equal(count(path, "SELECT count(*) AS n FROM autopack_hygiene_identity WHERE role = 'seed'"), 1);
  });

  for (const [name, limits, code, message] of [
    ['an abort', {}, 'cancelled', /was cancelled/],
    [
      'its time limit',
      { lockTimeoutMs: 0, timeLimitMs: 1500 },
      'timed-out',
      /^Nothing was written: the change of .* was stopped because it took longer than 2 s/,
    ],
  ] as const) {
    it(`ends an endless write that a person allowed by ${name}, without blocking this thread`, async () => {
      const { world, path } = await prepared();
      meddle(path, trigger('AFTER UPDATE ON phases', endless));
      const before = await world.contents();
      const expected = await world.authorise(path, 'drain', { allowTriggers: true });
      const writer = new WriterClient({ processUrl: writerUrl, journal: journalIn(world.folder), ...limits });
      const abort = new AbortController();
      const write = guardedWrite(
        writer,
        { path, expected },
        failPhaseOperation,
        { key: firstPhase, reason: 'x', from: 'FAILED', now: Date.now() },
        abort.signal,
      );
      const ended = rejectsWith(code, write);
      await Promise.race([untilLocked(path), ended]);
      if (name === 'an abort') abort.abort();
      const error = await ended;
      assert.match(error.message, message);
      assert.ok(!existsSync(`${path}-journal`), 'no journal is left');
      assert.deepEqual(await world.contents(), before);
      meddle(path, 'BEGIN EXCLUSIVE', 'ROLLBACK');
    });
  }
});

/** Resolves once another process holds the write lock; the timers show that this thread is free. */
async function untilLocked(path: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec('BEGIN IMMEDIATE');
      database.exec('ROLLBACK');
    } catch {
      return;
    } finally {
      database.close();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function count(path: string, sql: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare(sql).get();
  database.close();
  return Number(row?.n);
}
