import { schemaFacts, countOtherTelemetry, readMigrations, type Sha256Hex } from '../identity/schemaFacts.ts';
import { identityWarnings } from '../identity/verdict.ts';
import { readRole } from '../identity/identityTable.ts';
import type { DatabaseContent, DatabaseFacts } from '../model/databaseFacts.ts';
import { normaliseState, type StateCounts } from '../model/state.ts';
import { autopackExpectation } from '../db/schema/autopackSchema.ts';
import { type QueryContext, reuse } from '../db/scan/queryContext.ts';
import { countTelemetry } from './telemetryCounts.ts';

/** The whole identity of a database: its file and what is in it. */
export function identity(context: QueryContext, sha256Hex: Sha256Hex): DatabaseFacts {
  return { ...context.file, ...databaseContent(context, sha256Hex) };
}

/** What is in a database, whatever database it is: a table or column it lacks is said, not thrown. */
export function databaseContent(context: QueryContext, sha256Hex: Sha256Hex): DatabaseContent {
  const { db, schema } = context;
  const count = (table: string): number | null =>
    schema.hasTable(table) ? Number(db.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n) : null;
  const phaseStates = countPhaseStates(context);
  // The events are read whole, and stay the same while phases change.
  const telemetry = reuse(context, 'telemetry counts', countTelemetry);
  const content = {
    ...readRole(db, schema),
    counts: {
      runs: count('runs'),
      phases: schema.hasTable('phases') ? sum(phaseStates) : null,
      llmUsageEvents: count('llm_usage_events'),
      tokenEstimationEvents: telemetry?.counts.total ?? null,
      tokenBudgetEscalationEvents: count('token_budget_escalation_events'),
    },
    phaseStates,
    telemetry: telemetry?.counts ?? null,
    otherTelemetry: countOtherTelemetry(db, schema),
    schema: schemaFacts(schema, autopackExpectation, sha256Hex),
    migrations: readMigrations(db, schema),
  };
  return { ...content, warnings: identityWarnings(content, telemetry?.orphans ?? 0) };
}

function countPhaseStates({ db, schema }: Pick<QueryContext, 'db' | 'schema'>): StateCounts {
  if (!schema.hasTable('phases')) return {};
  const counts = new Map<string, number>();
  const state = schema.select('phases', ['state']);
  for (const row of db.all(`SELECT ${state}, count(*) AS n FROM phases GROUP BY 1`)) {
    const name = normaliseState(row.state === null ? null : String(row.state));
    counts.set(name, (counts.get(name) ?? 0) + Number(row.n));
  }
  return Object.fromEntries(counts);
}

function sum(counts: StateCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
