import { DatabaseSync } from 'node:sqlite';
import { nodeDrainStore } from '../../../../src/node/drain/runDrain.ts';
import { systemClock } from '../../../../src/node/system/systemPorts.ts';
import { drainStoreContract } from '../../../support/drainStoreContract.ts';
import { GuardWorld, meddle, suiteReader } from '../../../support/guard/guardWorld.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('a drain store over a database', () => {
  const folder = temporaryFolder();
  const reader = suiteReader();

  drainStoreContract(async () => {
    const world = new GuardWorld(folder(), reader());
    const databasePath = await world.make('store.db');
    meddle(
      databasePath,
      'DELETE FROM phases WHERE phase_index > (SELECT min(phase_index) + 2 FROM phases)',
      `UPDATE phases SET state = 'FAILED', last_failure_reason = 'boom'
         WHERE phase_index = (SELECT min(phase_index) + 1 FROM phases)`,
      `UPDATE phases SET state = 'COMPLETE' WHERE phase_index = (SELECT min(phase_index) + 2 FROM phases)`,
    );
    const database = new DatabaseSync(databasePath, { readOnly: true });
    const rows = database.prepare('SELECT run_id, phase_id FROM phases ORDER BY phase_index').all();
    database.close();
    const [queued = '', failed = '', complete = ''] = rows.map(({ phase_id }) => String(phase_id));
    const runId = String(rows[0]?.run_id);
    return {
      store: nodeDrainStore({ databasePath, reader: reader(), writer: world.writer, clock: systemClock }),
      runId,
      phaseIds: [queued, failed, complete],
      addEvent: (phaseId) =>
        meddle(
          databasePath,
          `INSERT INTO token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count,
             deliverables_json, predicted_output_tokens, actual_output_tokens, selected_budget, success, truncated, model,
             is_truncated_output, created_at)
           VALUES ('${runId}', '${phaseId}', '2026-01-01 00:00:00', 'docs', 'low', 1, '[]', 100, 80, 8192, 1, 0, 'test', 0,
             '2026-01-01 00:00:00')`,
        ),
    };
  });
});
