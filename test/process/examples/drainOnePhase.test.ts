import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { formatDatabaseUrl } from '../../../src/core/db/databaseUrl.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ExampleRepository } from './exampleRepository.ts';

const phase = 'telemetry-p1-string-util';

describe('the example executor', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let repository: ExampleRepository;

  beforeEach(async () => {
    repository = await ExampleRepository.seeded(folder());
  });

  it('prints the sample in Autopack’s format', async () => {
    const { stdout } = await repository.run(phase);
    const line =
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] INFO: \[TokenEstimationV2\] predicted_output=3424 actual_output=(\d+) smape=(\d+\.\d)% selected_budget=8192 category=implementation complexity=low deliverables=1 success=True stop_reason=end_turn truncated=False model=recorded-example$/m;
    const [, actual, smape] = line.exec(stdout) ?? assert.fail(stdout);
    const [sample] = repository.query(`SELECT actual_output_tokens AS actual,
      round(smape_percent, 1) AS smape FROM token_estimation_v2_events`);
    assert.deepEqual({ actual: Number(actual), smape: Number(smape) }, sample);
    assert.match(stdout, /^\[drain_one_phase\] Final state: COMPLETE$/m);
  });

  it('expects less of a file that is there already', async () => {
    await repository.run(phase);
    repository.query(`UPDATE phases SET state = 'QUEUED'`);
    await repository.run(phase);
    assert.deepEqual(
      repository.query('SELECT predicted_output_tokens AS predicted FROM token_estimation_v2_events'),
      [{ predicted: 3424 }, { predicted: Math.floor(1.3 * (634 + 700)) }],
    );
  });

  for (const name of ['a database.db', 'who?.db', '100%.db', 'ünïcödé.db']) {
    it(`accepts the absolute URL of ${name}`, async () => {
      const path = join(repository.folder, name);
      renameSync(repository.databasePath, path);
      const renamed = new ExampleRepository(repository.folder, name);
      const { code } = await renamed.run(phase, { env: { DATABASE_URL: formatDatabaseUrl(path) } });
      assert.equal(code, 0);
      assert.equal(renamed.stateOf(phase), 'COMPLETE');
    });
  }

  it('queues a FAILED phase again', async () => {
    repository.query(`UPDATE phases SET state = 'FAILED', builder_attempts = 1, last_failure_reason = 'x'`);
    assert.equal((await repository.run(phase)).code, 0);
    assert.deepEqual(
      repository.query(
        'SELECT state, builder_attempts, last_failure_reason FROM phases WHERE phase_id = ?',
        phase,
      ),
      [{ state: 'COMPLETE', builder_attempts: 2, last_failure_reason: null }],
    );
  });

  it('takes a state in lower case, as older files have it', async () => {
    repository.query(`UPDATE phases SET state = 'queued'`);
    assert.equal((await repository.run(phase)).code, 0);
    assert.equal(repository.stateOf(phase), 'COMPLETE');
  });

  it('keeps the run going while phases are left', async () => {
    await repository.run(phase);
    assert.deepEqual(repository.query('SELECT state, completed_at FROM runs'), [
      { state: 'PHASE_EXECUTION', completed_at: null },
    ]);
    assert.deepEqual(repository.query('SELECT state, completed_at FROM tiers'), [
      { state: 'IN_PROGRESS', completed_at: null },
    ]);
  });

  for (const enabled of ['', '0', 'false']) {
    it(`writes no telemetry row with TELEMETRY_DB_ENABLED=${enabled}`, async () => {
      assert.equal((await repository.run(phase, { env: { TELEMETRY_DB_ENABLED: enabled } })).code, 0);
      assert.equal(repository.stateOf(phase), 'COMPLETE');
      assert.deepEqual(repository.telemetryRows(), { estimations: 0, usages: 0, outcomes: 0 });
    });
  }

  it('fails a phase that wants other deliverables than were recorded', async () => {
    repository.query(`UPDATE phases SET scope = '{"deliverables": {"code": ["src/other.py"]}}'`);
    const { code, stderr } = await repository.run(phase);
    assert.equal(code, 1);
    assert.match(stderr, /DELIVERABLES_VALIDATION_FAILED: src\/other\.py wanted/);
    assert.equal(existsSync(join(repository.folder, 'examples')), false);
  });

  it('fails a phase whose deliverables cannot be written, leaving no temporary file', async () => {
    const folderName = join(repository.folder, 'examples/telemetry_utils');
    mkdirSync(join(folderName, 'conftest.py'), { recursive: true });
    const { code, stderr } = await repository.run('telemetry-p6-string-tests');
    assert.equal(code, 1);
    assert.match(stderr, /DELIVERABLES_WRITE_FAILED: /);
    assert.equal(repository.stateOf('telemetry-p6-string-tests'), 'FAILED');
    assert.deepEqual(
      readdirSync(folderName).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('does without a table of tiers', async () => {
    repository.query('DROP TABLE tiers');
    assert.equal((await repository.run(phase)).code, 0);
    assert.equal(repository.stateOf(phase), 'COMPLETE');
  });

  it('plays a refused answer on request: a failed sample and no deliverable', async () => {
    const { code } = await repository.run(phase, { env: { AUTOPACK_EXAMPLE_OUTCOME: 'fail' } });
    assert.equal(code, 1);
    assert.equal(repository.stateOf(phase), 'FAILED');
    assert.deepEqual(repository.query('SELECT success FROM token_estimation_v2_events'), [{ success: 0 }]);
    assert.equal(existsSync(join(repository.folder, 'examples')), false);
  });

  it('plays a phase that completes without a model call on request', async () => {
    const { code, stdout } = await repository.run(phase, { env: { AUTOPACK_EXAMPLE_OUTCOME: 'silent' } });
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /TokenEstimation/);
    assert.equal(repository.stateOf(phase), 'COMPLETE');
    assert.deepEqual(repository.telemetryRows(), { estimations: 0, usages: 0, outcomes: 1 });
  });
});
