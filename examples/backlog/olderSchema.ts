import { autopackTables } from '../../src/core/db/schema/autopackSchema.ts';
import { createStatements, type TableDefinition } from '../../src/core/db/schema/tableDefinition.ts';

/** What Autopack's tables did not have yet when a backlog of 2025 was made, as far as they were there. */
const addedLater: Readonly<Record<string, readonly string[]>> = {
  runs: [],
  tiers: [],
  phases: ['phase_type', 'deployment_config'],
  llm_usage_events: ['total_tokens', 'client_id', 'phase_type', 'intent'],
  token_estimation_v2_events: [
    'actual_max_tokens',
    'is_truncated_output',
    'api_reference_required',
    'examples_required',
    'research_required',
    'usage_guide_required',
    'context_quality',
    'is_sot_file',
    'sot_file_name',
    'sot_entry_count_hint',
  ],
};

/** Every statement that makes an empty database of the older schema. */
export function olderSchemaStatements(): string[] {
  return autopackTables.flatMap((table) => {
    const absent = addedLater[table.name];
    return absent === undefined ? [] : createStatements(without(table, new Set(absent)));
  });
}

function without(table: TableDefinition, absent: ReadonlySet<string>): TableDefinition {
  return {
    name: table.name,
    columns: Object.fromEntries(Object.entries(table.columns).filter(([column]) => !absent.has(column))),
    // Events were not tied to their run yet, which is how orphans came about.
    constraints: table.constraints.filter((constraint) => !constraint.includes('FOREIGN KEY')),
    indexes: Object.fromEntries(
      Object.entries(table.indexes).filter(([, columns]) => !columns.some((column) => absent.has(column))),
    ),
  };
}
