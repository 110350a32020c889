import { ColumnReader } from '../db/columnReader.ts';
import type { QueryContext } from '../db/scan/queryContext.ts';
import { deliverableBucket, normaliseCategory, normaliseComplexity } from '../model/sampleKind.ts';
import { normaliseState } from '../model/state.ts';
import { telemetryCoverage, type PhaseKind, type Coverage } from '../telemetry/analysis/coverage.ts';
import { telemetrySource } from '../telemetry/page/telemetrySource.ts';
import { telemetryFolder } from './telemetryCollectionV4.ts';

/** What earlier runs of a database have taken, so that a new run does not collide with them. */
export interface SeedInventory {
  /** Of telemetry runs. */
  readonly runIds: readonly string[];
  readonly phaseIds: readonly string[];
  /** Files in the telemetry folder that some phase delivers, relative to the repository root. */
  readonly deliverables: readonly string[];
  /** The QUEUED phases, by kind. */
  readonly waiting: readonly PhaseKind[];
}

const columns = ['phase_id', 'state', 'task_category', 'complexity', 'scope'];

/** What earlier runs have taken of names and files, and which phases wait. Empty without the tables. */
function seedInventory({ db, schema, warnings }: QueryContext): SeedInventory {
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

/** What is known of each kind of phase, and what a run that collects the rest must not collide with. */
export interface CoverageAnswer {
  readonly coverage: Coverage;
  readonly existing: SeedInventory;
}

/** The coverage of a database. Fails with `no-telemetry-table`. */
export function coverage(context: QueryContext): CoverageAnswer {
  const existing = seedInventory(context);
  const { samples } = telemetrySource(context);
  return { coverage: telemetryCoverage(samples, existing.waiting), existing };
}
