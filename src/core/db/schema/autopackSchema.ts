import { phasesTable, runsTable, tiersTable } from './runTables.ts';
import { createStatements, type TableDefinition } from './tableDefinition.ts';
import {
  tokenBudgetEscalationEventsTable,
  tokenEstimationV2EventsTable,
  llmUsageEventsTable,
  phaseOutcomeEventsTable,
} from './telemetryTables.ts';

/** The seven tables of Autopack that this product reads and creates, in Autopack's order of creation. */
export const autopackTables: readonly TableDefinition[] = [
  runsTable,
  phaseOutcomeEventsTable,
  llmUsageEventsTable,
  tiersTable,
  phasesTable,
  tokenEstimationV2EventsTable,
  tokenBudgetEscalationEventsTable,
];

/** Every statement that makes an empty database of Autopack's schema. */
export function autopackSchemaStatements(): string[] {
  return autopackTables.flatMap(createStatements);
}

/** Which columns Autopack's tables have: what a database is compared with. */
export type SchemaExpectation = ReadonlyMap<string, readonly string[]>;

/** The expectation of {@link autopackTables}. */
export const autopackExpectation: SchemaExpectation = new Map(
  autopackTables.map((table) => [table.name, Object.keys(table.columns)]),
);
