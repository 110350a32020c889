import { DatabaseSync } from 'node:sqlite';
import { formatStoredTimestamp } from '../../src/core/model/timestamp.ts';
import type { TelemetrySample } from '../../src/core/telemetry/samples/telemetrySamples.ts';

/** Adds a completed phase for each sample's phase, and one event a sample, to a database made by `init`. */
export function addTelemetry(path: string, samples: readonly TelemetrySample[]): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    database.exec('BEGIN');
    insert(database, 'runs', { id: samples[0]?.runId ?? 'run', state: 'DONE_SUCCESS' });
    const known = new Set<string>();
    for (const sample of samples) {
      const { runId, phaseId, category, complexity } = sample;
      if (!known.has(phaseId))
        insert(database, 'phases', {
          run_id: runId,
          phase_id: phaseId,
          state: 'COMPLETE',
          phase_index: known.size,
        });
      known.add(phaseId);
      insert(database, 'token_estimation_v2_events', {
        run_id: runId,
        phase_id: phaseId,
        timestamp: formatStoredTimestamp(sample.timestamp ?? 0),
        category,
        complexity,
        deliverable_count: sample.deliverableCount,
        deliverables_json: sample.deliverables ?? '[]',
        predicted_output_tokens: sample.predicted,
        actual_output_tokens: sample.actual,
        selected_budget: sample.limit ?? 8192,
        actual_max_tokens: sample.limit ?? 8192,
        success: Number(sample.success),
        truncated: Number(sample.truncated),
        stop_reason: sample.hasStopReason ? 'end_turn' : null,
        model: sample.model,
      });
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

type Value = string | number | null;

/** A column that must hold something and is not given holds 0. */
function insert(database: DatabaseSync, table: string, given: Readonly<Record<string, Value>>): void {
  const row: Record<string, Value> = { ...given };
  for (const { name, notnull, pk } of database.prepare(`PRAGMA table_info(${table})`).all()) {
    if (notnull === 1 && pk === 0) row[String(name)] ??= 0;
  }
  const places = Object.keys(row).map(() => '?');
  const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`;
  database.prepare(sql).run(...Object.values(row));
}
