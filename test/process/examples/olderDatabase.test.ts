import assert from 'node:assert/strict';
import { prepareExampleWorkspace } from '../../../examples/prepareExampleWorkspace.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { ExampleRepository } from './exampleRepository.ts';

describe('the example executor, on a database of an older version,', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  let repository: ExampleRepository;

  beforeEach(async () => {
    await prepareExampleWorkspace(folder());
    repository = new ExampleRepository(folder(), 'autopack_legacy.db');
  });

  it('records what there are columns for, and says what it leaves out', async () => {
    repository.query(`UPDATE phases SET phase_id = 'telemetry-p9-readme', scope = NULL
      WHERE run_id = 'docs-sweep-v1' AND phase_index = 0`);
    const { code, stderr } = await repository.run('telemetry-p9-readme', { runId: 'docs-sweep-v1' });
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /token_estimation_v2_events has no actual_max_tokens, is_truncated_output: left out/,
    );
    assert.match(stderr, /no table phase_outcome_events/);
    assert.deepEqual(
      repository.query(`SELECT category, complexity, predicted_output_tokens AS predicted
        FROM token_estimation_v2_events WHERE run_id = 'docs-sweep-v1'`),
      [{ category: 'docs', complexity: 'low', predicted: 2600 }],
    );
  });

  it('refuses a phase of the backlog, for which nothing is recorded, and leaves it as it is', async () => {
    const before = repository.query('SELECT * FROM phases WHERE run_id = ?', 'docs-sweep-v1');
    const { code, stderr } = await repository.run('docs-install', { runId: 'docs-sweep-v1' });
    assert.equal(code, 2);
    assert.match(stderr, /No answer is recorded for docs-install/);
    assert.deepEqual(repository.query('SELECT * FROM phases WHERE run_id = ?', 'docs-sweep-v1'), before);
  });
});
