import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ExampleRepository, finished } from './exampleRepository.ts';

const phase = 'telemetry-p1-string-util';

describe('the example executor, not alone,', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let repository: ExampleRepository;

  beforeEach(async () => {
    repository = await ExampleRepository.seeded(folder());
  });

  it('runs a phase once where two ask for it at once', async () => {
    const env = { AUTOPACK_EXAMPLE_DELAY_MS: '300' };
    const results = await Promise.all([repository.run(phase, { env }), repository.run(phase, { env })]);
    const [first, second] = results.toSorted((a, b) => Number(a.code) - Number(b.code));
    assert.deepEqual([first?.code, second?.code], [0, 2]);
    assert.match(second?.stderr ?? '', /is (EXECUTING|COMPLETE)/);
    assert.deepEqual(repository.telemetryRows(), { estimations: 1, usages: 1, outcomes: 1 });
  });

  it('loses nothing when five phases of a run are executed at once', async () => {
    const phases = ['1-string-util', '2-number-util', '3-list-util', '4-date-util', '5-dict-util'];
    const results = await Promise.all(phases.map((name) => repository.run(`telemetry-p${name}`)));
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0, 0, 0, 0],
    );
    const [sums] = repository.query(`SELECT (SELECT sum(tokens_used) FROM phases) AS phases,
      (SELECT tokens_used FROM runs) AS run, (SELECT tokens_used FROM tiers) AS tier`);
    assert.equal(sums?.run, sums?.phases);
    assert.equal(sums?.tier, sums?.phases);
  });

  it('waits for another writer', async () => {
    const writer = new DatabaseSync(repository.databasePath);
    writer.exec('BEGIN IMMEDIATE');
    const result = repository.run(phase);
    await sleep(400);
    writer.exec('COMMIT');
    writer.close();
    assert.equal((await result).code, 0);
  });

  it('shows others that the phase is EXECUTING while it works', async () => {
    const child = repository.start(phase, { env: { AUTOPACK_EXAMPLE_DELAY_MS: '1000' } });
    await until(() => repository.stateOf(phase) === 'EXECUTING');
    assert.deepEqual(
      repository.query('SELECT (SELECT state FROM runs) AS run, (SELECT state FROM tiers) AS tier'),
      [{ run: 'PHASE_EXECUTION', tier: 'IN_PROGRESS' }],
    );
    assert.equal((await finished(child)).code, 0);
  });

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`stops at ${signal} and leaves the phase to its caller`, async () => {
      const child = repository.start(phase, { env: { AUTOPACK_EXAMPLE_OUTCOME: 'hang' } });
      await until(() => repository.stateOf(phase) === 'EXECUTING');
      const stopping = Date.now();
      child.kill(signal);
      const result = await finished(child);
      assert.equal(result.code, code);
      assert.ok(Date.now() - stopping < 1000, 'promptly');
      assert.match(result.stderr, new RegExp(`Stopped by ${signal}`));
      assert.equal(repository.stateOf(phase), 'EXECUTING');
      assert.deepEqual(repository.telemetryRows(), { estimations: 0, usages: 0, outcomes: 0 });
      assert.equal(existsSync(join(repository.folder, 'examples')), false);
    });
  }

  for (const [what, change, found] of [
    ['ended', `UPDATE phases SET state = 'FAILED', last_failure_reason = 'timed out'`, 'FAILED'],
    ['taken over', 'UPDATE phases SET builder_attempts = builder_attempts + 1', 'EXECUTING'],
    ['deleted', 'DELETE FROM phases', 'deleted'],
  ] as const) {
    it(`leaves a phase alone that another program has ${what} meanwhile`, async () => {
      const child = repository.start(phase, { env: { AUTOPACK_EXAMPLE_DELAY_MS: '1000' } });
      await until(() => repository.stateOf(phase) === 'EXECUTING');
      repository.query(`${change} WHERE phase_id = ?`, phase);
      const changed = repository.query('SELECT * FROM phases');

      const { code, stderr } = await finished(child);

      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`changed by another program \\(${found}\\)`));
      assert.deepEqual(repository.query('SELECT * FROM phases'), changed);
      assert.deepEqual(repository.telemetryRows(), { estimations: 0, usages: 0, outcomes: 0 });
    });
  }
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'waited for ten seconds');
    await sleep(20);
  }
}
