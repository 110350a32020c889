import type { DatabaseContent, DatabaseRole, IdentityWarning } from '../model/databaseFacts.ts';
import { isKnownPhaseState, type StateCounts } from '../model/state.ts';
import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';

/** What a database should hold at some point of the work; what is left out may be anything. */
export interface ContentExpectation {
  readonly role?: DatabaseRole;
  readonly runs?: number;
  /** These states with these counts, and no others. */
  readonly phaseStates?: StateCounts;
  /** Rows of `token_estimation_v2_events`. */
  readonly telemetryEvents?: number;
}

type Content = Pick<DatabaseContent, 'role' | 'counts' | 'phaseStates'>;

/** The content in one line: `1 run, 10 phases QUEUED, 0 telemetry events`. */
export function summariseContent({ counts, phaseStates }: Content): string {
  return [
    counts.runs === null ? t`no table of runs` : counted(counts.runs, 'run'),
    counts.phases === null ? t`no table of phases` : phasesText(phaseStates),
    counts.tokenEstimationEvents === null
      ? t`no telemetry table`
      : counted(counts.tokenEstimationEvents, 'telemetry event'),
  ].join(', ');
}

/** What is not as expected, a sentence each; empty if all is. */
export function unmetExpectations(content: Content, expected: ContentExpectation): string[] {
  const { role, counts, phaseStates } = content;
  const findings: string[] = [];
  const compare = (wanted: string | undefined, found: string): void => {
    if (wanted !== undefined && wanted !== found) findings.push(t`Expected ${wanted}, found ${found}.`);
  };
  compare(roleText(expected.role), roleText(role) ?? '');
  compare(runsText(expected.runs), runsText(counts.runs) ?? t`no table of runs`);
  compare(expected.phaseStates && phasesText(expected.phaseStates), phasesText(phaseStates));
  compare(
    eventsText(expected.telemetryEvents),
    eventsText(counts.tokenEstimationEvents) ?? t`no telemetry table`,
  );
  return findings;
}

/** `10 phases QUEUED`, `8 phases COMPLETE and 2 FAILED`, the most frequent first. */
function phasesText(states: StateCounts): string {
  const [first, ...others] = Object.entries(states).sort(
    ([a, countOfA], [b, countOfB]) => countOfB - countOfA || a.localeCompare(b),
  );
  if (first === undefined) return counted(0, 'phase');
  return [
    `${counted(first[1], 'phase')} ${first[0]}`,
    ...others.map(([state, count]) => `${count} ${state}`),
  ].join(t` and `);
}

function roleText(role: DatabaseRole | undefined): string | undefined {
  switch (role) {
    case 'seed':
      return t`a telemetry seed database`;
    case 'legacy':
      return t`a legacy backlog`;
    case 'unknown':
      return t`a database of unknown role`;
    case undefined:
      return undefined;
  }
}

function runsText(count: number | null | undefined): string | undefined {
  return typeof count === 'number' ? counted(count, 'run') : undefined;
}

function eventsText(count: number | null | undefined): string | undefined {
  return typeof count === 'number' ? counted(count, 'telemetry event') : undefined;
}

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
      t`This is not an Autopack database: it has no table ${lacking.join(t` and no table `)}.`,
    );
    return warnings;
  }
  if (counts.runs === 0 && counts.phases === 0) {
    add('empty', t`The database is empty: it has no runs and no phases.`);
  } else if (counts.phases === 0) {
    add('no-phases', t`The database has runs but no phases, so there is nothing to drain.`);
  }
  if (role === 'unknown') {
    add('unknown-role', t`Nothing says whether this is a telemetry seed database or a legacy backlog.`);
  }
  if (counts.tokenEstimationEvents === null) {
    add(
      'no-telemetry-table',
      t`There is no table token_estimation_v2_events: telemetry written here would be lost.`,
    );
  }
  const strange = Object.keys(phaseStates).filter((state) => !isKnownPhaseState(state));
  if (strange.length > 0) {
    add('unknown-state', t`Some phases have an unknown state: ${strange.join(', ')}.`);
  }
  if (orphanEvents > 0) {
    add(
      'orphan-events',
      orphanEvents === 1
        ? t`${orphanEvents} telemetry event belongs to a run or phase that does not exist.`
        : t`${orphanEvents} telemetry events belong to a run or phase that does not exist.`,
    );
  }
  const [column] = missingColumns;
  if (column !== undefined) {
    const number = missingColumns.length;
    add(
      'missing-columns',
      number === 1
        ? t`The schema is older than Autopack expects: the column ${column} is missing.`
        : t`The schema is older than Autopack expects: ${number} columns are missing, ${column} among them.`,
    );
  }
  return warnings;
}
