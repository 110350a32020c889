import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const prelude = `
import { DatabaseSync } from 'node:sqlite';
const [, runId, , phaseId] = process.argv.slice(2);
const db = new DatabaseSync(process.env.DATABASE_URL.replace('sqlite:///', ''), { timeout: 5000 });
const setState = (state, phase = phaseId) =>
  db.prepare('UPDATE phases SET state = ?, updated_at = ? WHERE run_id = ? AND phase_id = ?').run(state, String(Date.now()), runId, phase);
const addEvent = (run = runId) => {
  db.exec('PRAGMA foreign_keys = OFF');
  db.prepare(\`INSERT INTO token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count, deliverables_json,
    predicted_output_tokens, actual_output_tokens, selected_budget, success, truncated, model, is_truncated_output, created_at)
    VALUES (?, ?, '2026-01-01 00:00:00', 'docs', 'low', 1, '[]', 100, 80, 8192, 1, 0, 'test', 0, '2026-01-01 00:00:00')\`).run(run, phaseId);
};
`;

/** Writes a program that stands in for Autopack's script: `body` may call `setState` and `addEvent`. Answers with its path. */
export async function phaseScript(folder: string, body: string): Promise<string> {
  const path = join(folder, 'phaseScript.mjs');
  await writeFile(path, prelude + body);
  return path;
}
