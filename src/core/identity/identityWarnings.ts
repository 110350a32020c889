import type { DatabaseContent, IdentityWarning } from '../model/databaseFacts.ts';
import { isKnownPhaseState } from '../model/state.ts';

/** What a person should know before working on a database of this content, gravest first. */
export function identityWarnings(
  { role, counts, phaseStates, schema }: Omit<DatabaseContent, 'warnings'>,
  orphanEvents: number,
): IdentityWarning[] {
  const warnings: IdentityWarning[] = [];
  const add = (code: IdentityWarning['code'], message: string): void => void warnings.push({ code, message });
  const { missingTables, missingColumns } = schema;

  if (counts.runs === null || counts.phases === null) {
    const lacking = ['runs', 'phases'].filter((table) => missingTables.includes(table));
    add(
      'not-autopack',
      `This is not an Autopack database: it has no table ${lacking.join(' and no table ')}.`,
    );
    return warnings;
  }
  if (counts.runs === 0 && counts.phases === 0) {
    add('empty', 'The database is empty: it has no runs and no phases.');
  } else if (counts.phases === 0) {
    add('no-phases', 'The database has runs but no phases, so there is nothing to drain.');
  }
  if (role === 'unknown') {
    add('unknown-role', 'Nothing says whether this is a telemetry seed database or a legacy backlog.');
  }
  if (counts.tokenEstimationEvents === null) {
    add(
      'no-telemetry-table',
      'There is no table token_estimation_v2_events: telemetry written here would be lost.',
    );
  }
  const strange = Object.keys(phaseStates).filter((state) => !isKnownPhaseState(state));
  if (strange.length > 0) {
    add('unknown-state', `Some phases have an unknown state: ${strange.join(', ')}.`);
  }
  if (orphanEvents > 0) {
    add(
      'orphan-events',
      `${orphanEvents} telemetry ${orphanEvents === 1 ? 'event belongs' : 'events belong'} to a run or phase that does not exist.`,
    );
  }
  const [column] = missingColumns;
  if (column !== undefined) {
    const number = missingColumns.length;
    add(
      'missing-columns',
      number === 1
        ? `The schema is older than Autopack expects: the column ${column} is missing.`
        : `The schema is older than Autopack expects: ${number} columns are missing, ${column} among them.`,
    );
  }
  return warnings;
}
