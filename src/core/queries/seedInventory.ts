import { ColumnReader } from '../db/columns.ts';
import { normaliseState } from '../model/state.ts';
import { telemetryFolder } from '../seed/plans/telemetryCollectionV4.ts';
import type { SeedInventory } from '../seed/seedInventory.ts';
import type { PhaseKind } from '../telemetry/coverage/coverage.ts';
import { deliverableBucket, normaliseCategory, normaliseComplexity } from '../telemetry/sampleKind.ts';
import type { QueryContext } from './queryContext.ts';

const columns = ['phase_id', 'state', 'task_category', 'complexity', 'scope'];

/** What earlier runs have taken of names and files, and which phases wait. Empty without the tables. */
export function seedInventory({ db, schema, warnings }: QueryContext): SeedInventory {
  const phaseIds = new Set<string>();
  const deliverables = new Set<string>();
  const waiting: PhaseKind[] = [];
  const runIds = schema.hasColumn('runs', 'id')
    ? db.all(`SELECT id FROM runs WHERE id LIKE 'telemetry-%'`).map(({ id }) => String(id))
    : [];
  if (!schema.hasTable('phases')) return { runIds, phaseIds: [], deliverables: [], waiting };
  // Only phases that work in the telemetry folder, or wait, matter; backlogs are full of others.
  const sql = `SELECT ${schema.select('phases', columns)} FROM phases
    WHERE ${orNull(schema.hasColumn('phases', 'scope'), `scope LIKE '%${telemetryFolder}%'`)}
       OR ${orNull(schema.hasColumn('phases', 'phase_id'), `phase_id LIKE 'telemetry-%'`)}
       OR ${orNull(schema.hasColumn('phases', 'state'), `upper(trim(state)) = 'QUEUED'`)}`;
  for (const row of db.all(sql)) {
    const column = new ColumnReader('phases', row, warnings);
    const scope = column.scope('scope');
    phaseIds.add(column.text('phase_id') ?? '');
    for (const path of scope.deliverables) if (path.startsWith(telemetryFolder)) deliverables.add(path);
    if (normaliseState(column.text('state')) !== 'QUEUED') continue;
    waiting.push({
      category: normaliseCategory(column.text('task_category')),
      complexity: normaliseComplexity(column.text('complexity')),
      deliverables: deliverableBucket(scope.deliverables.length),
    });
  }
  return { runIds, phaseIds: [...phaseIds], deliverables: [...deliverables], waiting };
}

function orNull(hasColumn: boolean, condition: string): string {
  return hasColumn ? condition : 'NULL';
}
