import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipBecause } from '../../support/skipBecause.ts';
import { ExampleRepository } from './exampleRepository.ts';

/** What domain knowledge says of each seeded phase: predicted output tokens (computed by hand), budget, deliverables. */
const expected = [
  ['telemetry-p1-string-util', 3424, 8192, 1],
  ['telemetry-p2-number-util', 3424, 8192, 1],
  ['telemetry-p3-list-util', 4128, 12288, 1],
  ['telemetry-p4-date-util', 4128, 12288, 1],
  ['telemetry-p5-dict-util', 4128, 12288, 1],
  ['telemetry-p6-string-tests', 6890, 12288, 2],
  ['telemetry-p7-number-tests', 3009, 8192, 1],
  ['telemetry-p8-list-tests', 5070, 12288, 1],
  ['telemetry-p9-readme', 2600, 8192, 1],
  ['telemetry-p10-file-util', 4128, 12288, 1],
] as const;

describe('the example executor, given all ten seeded phases,', function () {
  this.timeout(60_000);
  let repository: ExampleRepository;

  before(async () => {
    repository = await ExampleRepository.seeded(await mkdtemp(join(tmpdir(), 'autopack-hygiene-test-')));
    for (const [phaseId] of expected) {
      const { code, stderr } = await repository.run(phaseId);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, phaseId);
    }
  });

  after(() => rm(repository.folder, { recursive: true }));

  it('completes the phases, then the tier and the run', () => {
    assert.deepEqual(repository.query('SELECT DISTINCT state, builder_attempts FROM phases'), [
      { state: 'COMPLETE', builder_attempts: 1 },
    ]);
    const [total] = repository.query('SELECT sum(tokens_used) AS tokens FROM phases');
    const owner = 'state, tokens_used, started_at < completed_at AS ended';
    assert.deepEqual(repository.query(`SELECT ${owner} FROM runs`), [
      { state: 'DONE_SUCCESS', tokens_used: total?.tokens, ended: 1 },
    ]);
    assert.deepEqual(repository.query(`SELECT ${owner} FROM tiers`), [
      { state: 'COMPLETE', tokens_used: total?.tokens, ended: 1 },
    ]);
  });

  it('records one sample for each, with the prediction of Autopack’s estimator', () => {
    const samples =
      repository.query(`SELECT phase_id, predicted_output_tokens, selected_budget, deliverable_count
      FROM token_estimation_v2_events ORDER BY event_id`);
    assert.deepEqual(
      samples.map((sample) => Object.values(sample)),
      expected.map((sample) => [...sample]),
    );
    assert.deepEqual(
      repository.query(`SELECT DISTINCT model, success, truncated, stop_reason, is_truncated_output
        FROM token_estimation_v2_events`),
      [
        {
          model: 'recorded-example',
          success: 1,
          truncated: 0,
          stop_reason: 'end_turn',
          is_truncated_output: 0,
        },
      ],
    );
  });

  it('computes the figures of a sample from its tokens', () => {
    const wrong = repository.query(`SELECT phase_id FROM (
        SELECT *, predicted_output_tokens AS predicted, actual_output_tokens AS actual
        FROM token_estimation_v2_events)
      WHERE abs(smape_percent - 200.0 * abs(predicted - actual) / (predicted + actual)) > 1e-9
        OR abs(waste_ratio - 1.0 * predicted / actual) > 1e-9
        OR underestimated <> (actual > predicted)
        OR actual_max_tokens < selected_budget`);
    assert.deepEqual(wrong, []);
  });

  it('accounts for the same tokens everywhere', () => {
    const phases = repository.query('SELECT phase_id, tokens_used AS tokens FROM phases ORDER BY id');
    const usage = `SELECT phase_id, total_tokens AS tokens FROM llm_usage_events
      WHERE total_tokens = prompt_tokens + completion_tokens AND provider = 'example' ORDER BY id`;
    assert.deepEqual(repository.query(usage), phases);
    const outcome = `SELECT phase_id, tokens_used AS tokens FROM phase_outcome_events
      WHERE phase_outcome = 'SUCCESS' ORDER BY id`;
    assert.deepEqual(repository.query(outcome), phases);
  });

  it('leaves nothing else behind', () => {
    assert.deepEqual(readdirSync(repository.folder).sort(), ['examples', 'seed.db']);
    const built = readdirSync(join(repository.folder, 'examples/telemetry_utils')).sort();
    assert.deepEqual(built, [
      'README.md',
      'conftest.py',
      'date_helper.py',
      'dict_helper.py',
      'file_helper.py',
      'list_helper.py',
      'number_helper.py',
      'string_helper.py',
      'test_list_helper.py',
      'test_number_helper.py',
      'test_string_helper.py',
    ]);
  });

  it('leaves Python whose tests pass', function () {
    const hasPytest = spawnSync('python3', ['-m', 'pytest', '--version']).status === 0;
    if (!hasPytest) skipBecause(this, 'pytest is not installed');
    const args = ['-B', '-m', 'pytest', '-q', 'examples/telemetry_utils'];
    const report = execFileSync('python3', args, { cwd: repository.folder, encoding: 'utf8' });
    assert.match(report, /^[1-9]\d+ passed in/m);
  });
});
