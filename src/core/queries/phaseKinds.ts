import type { SqlValue } from '../db/readDatabase.ts';
import type { StateCounts } from '../model/state.ts';
import {
  compareComplexity,
  compareText,
  normaliseCategory,
  normaliseComplexity,
} from '../telemetry/sampleKind.ts';
import type { QueryContext } from './queryContext.ts';
import { stateCountsByRun } from './stateCounts.ts';

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
    db.each(`SELECT ${columns}, count(*) FROM phases GROUP BY 1, 2`, [], ([category, complexity, phases]) => {
      addKind(categories, normaliseCategory(textOf(category)), Number(phases));
      addKind(complexities, normaliseComplexity(textOf(complexity)), Number(phases));
    });
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

function textOf(stored: SqlValue | undefined): string | null {
  return stored === undefined || stored === null || stored instanceof Uint8Array ? null : String(stored);
}
