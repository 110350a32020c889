import type { SqlValue } from '../db/readDatabase.ts';
import type { StateCounts } from '../model/state.ts';
import type { QueryContext } from './queryContext.ts';
import { stateCountsByRun } from './stateCounts.ts';

/** A value that phases have, and how many have it. */
export interface KindCount {
  readonly name: string;
  readonly phases: number;
}

/** The states, categories and complexities of all phases; names in lower case, most frequent first. */
export interface PhaseKinds {
  readonly states: StateCounts;
  readonly categories: readonly KindCount[];
  readonly complexities: readonly KindCount[];
}

/** What phases can be told apart by, with counts. What its column does not say is in no count. */
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
    db.each(`SELECT ${columns}, count(*) FROM phases GROUP BY 1, 2`, [], ([category, complexity, phases]) => {
      add(categories, category, Number(phases));
      add(complexities, complexity, Number(phases));
    });
  }
  return { states, categories: counted(categories), complexities: counted(complexities) };
}

function add(counts: Map<string, number>, stored: SqlValue | undefined, phases: number): void {
  if (stored === undefined || stored === null || stored instanceof Uint8Array) return;
  const name = String(stored).trim().toLowerCase();
  if (name !== '') counts.set(name, (counts.get(name) ?? 0) + phases);
}

function counted(counts: ReadonlyMap<string, number>): KindCount[] {
  return [...counts]
    .map(([name, phases]) => ({ name, phases }))
    .sort((a, b) => b.phases - a.phases || (a.name < b.name ? -1 : 1));
}
