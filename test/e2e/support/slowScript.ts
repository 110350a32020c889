/**
 * Like Autopack's script, in JavaScript: takes its time, records an event for phases that succeed, and fails every third. No
 * phase ends while the folder holds a file `hold`.
 */
export const slowScript = `const { existsSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const [run, phase] = [option('--run-id'), option('--phase-id')];
console.log('working on', phase);
setTimeout(end, 2000);

function end() {
  if (existsSync('hold')) return setTimeout(end, 50);
  const failed = ['p3-', 'p6-', 'p9-'].some((number) => phase.includes(number));
  const reason = failed ? "ImportError: No module named 'telemetry_utils'" : null;
  const database = new DatabaseSync(process.env.DATABASE_URL.replace('sqlite:///', ''), { timeout: 5000 });
  database.exec('BEGIN IMMEDIATE');
  database.prepare('UPDATE phases SET state = ?, last_failure_reason = ? WHERE run_id = ? AND phase_id = ?')
    .run(failed ? 'FAILED' : 'COMPLETE', reason, run, phase);
  if (!failed) {
    database.prepare(\`INSERT INTO token_estimation_v2_events
      (run_id, phase_id, timestamp, category, complexity, deliverable_count, deliverables_json, predicted_output_tokens,
       actual_output_tokens, selected_budget, success, truncated, model, is_truncated_output, created_at)
      VALUES (?, ?, datetime('now'), 'tests', 'low', 1, '[]', 3000, 2500, 8192, 1, 0, 'example', 0, datetime('now'))\`)
      .run(run, phase);
  }
  database.exec('COMMIT');
  database.close();
  if (!failed) return;
  console.error(reason);
  process.exitCode = 1;
}
`;
