import type { SqlValue } from '../db/databasePorts.ts';
import { reuse, type QueryContext } from '../db/scan/queryContext.ts';
import { scanPages } from '../db/scan/scanPages.ts';
import type { ScanColumn } from '../db/scan/tableLayout.ts';
import {
  compareComplexity,
  compareText,
  normaliseCategory,
  normaliseComplexity,
} from '../model/sampleKind.ts';
import { normaliseState, type StateCounts } from '../model/state.ts';
import { textOf } from './candidates.ts';

type Counts = Map<string, Record<string, number>>;

/** How many phases each run has per state. Runs that exist only in `phases` have an entry too. */
export function stateCountsByRun(context: QueryContext): ReadonlyMap<string, StateCounts> {
  if (!context.schema.hasColumn('phases', 'run_id')) return new Map();
  return reuse(context, 'counts of states', (own) => countInIndex(own) ?? count(own, '', []));
}

/** How many phases one run has per state. */
export function stateCountsOfRun(context: QueryContext, runId: string): StateCounts {
  if (!context.schema.hasColumn('phases', 'run_id')) return {};
  return count(context, 'WHERE run_id = ?', [runId]).get(runId) ?? {};
}

function count({ db, schema }: QueryContext, where: string, params: readonly SqlValue[]): Counts {
  const counts: Counts = new Map();
  const state = schema.hasColumn('phases', 'state') ? 'state' : 'NULL';
  const sql = `SELECT run_id, ${state}, COUNT(*) FROM phases ${where} GROUP BY run_id, ${state}`;
  db.each(sql, params, ([runId = null, stored = null, phases]) => {
    add(counts, idOf(runId), stateOf(stored), Number(phases));
  });
  return counts;
}

/**
 * Counts the entries of the index on (run_id, state), where there is one, in its pages themselves: it holds just what is
 * counted, and SQLite takes several times as long for it while its code is not compiled to the last tier.
 */
function countInIndex(context: QueryContext): Counts | null {
  const { image } = context;
  const rootPage = rootOfIndex(context);
  if (image === undefined || rootPage === null) return null;
  const runs = new Numbered();
  const states = new Numbered();
  const columns = [runs.column('run_id', idOf), states.column('state', stateOf)];
  const counts: Counts = new Map();
  let lastRun = -1;
  let lastState = -1;
  let entries = 0;
  const flush = (): void => {
    if (entries > 0) add(counts, runs.text(lastRun), states.text(lastState), entries);
  };
  const layout = { rootPage, positions: [0, 1], defaults: [null, null] };
  // Equal entries lie side by side, but for those on the upper levels of the tree.
  const onEntry = (values: Float64Array): void => {
    const run = values[0] ?? -1;
    const state = values[1] ?? -1;
    if (run !== lastRun || state !== lastState) {
      flush();
      lastRun = run;
      lastState = state;
      entries = 0;
    }
    entries++;
  };
  scanPages(image, layout, columns, onEntry, 'index');
  flush();
  return counts;
}

function rootOfIndex({ db, schema }: QueryContext): number | null {
  if (!schema.hasColumn('phases', 'state')) return null;
  if (db.all('PRAGMA encoding')[0]?.encoding !== 'UTF-8') return null;
  const [index] = db.all(`SELECT m.rootpage AS root FROM pragma_index_list('phases') AS i
    JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name
    WHERE i.partial = 0
      AND (SELECT lower(name) FROM pragma_index_info(i.name) WHERE seqno = 0) = 'run_id'
      AND (SELECT lower(name) FROM pragma_index_info(i.name) WHERE seqno = 1) = 'state'`);
  return index === undefined ? null : Number(index.root);
}

function add(counts: Counts, runId: string, state: string, phases: number): void {
  const states = counts.get(runId) ?? {};
  states[state] = (states[state] ?? 0) + phases;
  counts.set(runId, states);
}

function idOf(stored: SqlValue): string {
  return String(stored ?? '');
}

function stateOf(stored: SqlValue): string {
  return normaliseState(stored === null ? null : String(stored));
}

/** Numbers the texts of a column, for a scan has numbers only. */
class Numbered {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  column(name: string, textOf: (stored: SqlValue) => string): ScanColumn {
    return { name, repeats: true, decode: (stored) => this.#number(textOf(stored)) };
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** A value that phases have, and how many have it. */
export interface KindCount {
  readonly name: string;
  readonly phases: number;
}

/** The states, categories and complexities of all phases, each under its one name: see `normaliseCategory`. */
export interface PhaseKinds {
  readonly states: StateCounts;
  /** Most frequent first. */
  readonly categories: readonly KindCount[];
  readonly complexities: readonly KindCount[];
}

/** What phases can be told apart by, with counts. */
export function phaseKinds(context: QueryContext): PhaseKinds {
  const { db, schema } = context;
  const states: Record<string, number> = {};
  for (const counts of stateCountsByRun(context).values()) {
    for (const [state, count] of Object.entries(counts)) states[state] = (states[state] ?? 0) + count;
  }
  const categories = new Map<string, number>();
  const complexities = new Map<string, number>();
  if (schema.hasTable('phases')) {
    const columns = schema.select('phases', ['task_category', 'complexity']);
    db.each(
      `SELECT ${columns}, count(*) FROM phases GROUP BY 1, 2`,
      [],
      ([category = null, complexity = null, phases]) => {
        addKind(categories, normaliseCategory(textOf(category)), Number(phases));
        addKind(complexities, normaliseComplexity(textOf(complexity)), Number(phases));
      },
    );
  }
  return {
    states,
    categories: counted(categories).sort((a, b) => b.phases - a.phases || compareText(a.name, b.name)),
    complexities: counted(complexities).sort((a, b) => compareComplexity(a.name, b.name)),
  };
}

function addKind(counts: Map<string, number>, name: string, phases: number): void {
  counts.set(name, (counts.get(name) ?? 0) + phases);
}

function counted(counts: ReadonlyMap<string, number>): KindCount[] {
  return [...counts].map(([name, phases]) => ({ name, phases }));
}
