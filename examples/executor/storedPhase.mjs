// @ts-check
import { columnsOf } from './tolerantTables.mjs';

/** @typedef {import('node:sqlite').DatabaseSync} Database */
/** @typedef {import('node:sqlite').SQLOutputValue} Stored */

/**
 * A phase as the database has it now.
 * @typedef {object} StoredPhase
 * @property {string} runId
 * @property {string} phaseId
 * @property {Stored} tierRowId
 * @property {string} state - in upper case
 * @property {number} attempts - how often the builder has tried
 * @property {number} tokensUsed
 * @property {string} category
 * @property {'low' | 'medium' | 'high'} complexity
 * @property {readonly string[]} deliverables - relative to the repository
 */

/**
 * A phase by its key, or `undefined`.
 * @param {Database} database
 * @param {{ runId: string, phaseId: string }} key
 * @returns {StoredPhase | undefined}
 */
export function readPhase(database, { runId, phaseId }) {
  const row = database.prepare('SELECT * FROM phases WHERE run_id = ? AND phase_id = ?').get(runId, phaseId);
  if (row === undefined) return undefined;
  return {
    runId,
    phaseId,
    tierRowId: row.tier_id ?? null,
    state: String(row.state).toUpperCase(),
    attempts: Number(row.builder_attempts ?? 0),
    tokensUsed: Number(row.tokens_used ?? 0),
    category: String(row.task_category ?? 'implementation'),
    complexity: complexityOf(row.complexity),
    deliverables: deliverablesIn(row.scope ?? null),
  };
}

/**
 * A run or a tier by its id, or `undefined`, as where there is no such table.
 * @param {Database} database
 * @param {'runs' | 'tiers'} table
 * @param {Stored} id
 */
export function readRow(database, table, id) {
  if (columnsOf(database, table).size === 0) return undefined;
  return database.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id);
}

/** @param {Stored | undefined} stored */
function complexityOf(stored) {
  const lower = String(stored).toLowerCase();
  return lower === 'low' || lower === 'high' ? lower : 'medium';
}

/**
 * Deliverables are a list, or lists by kind (`{"code": [...], "tests": [...]}`), inside the JSON of the scope.
 * @param {Stored} scope
 * @returns {string[]}
 */
function deliverablesIn(scope) {
  try {
    return flatten(JSON.parse(String(scope))?.deliverables);
  } catch {
    return [];
  }
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function flatten(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(flatten) : [];
}
