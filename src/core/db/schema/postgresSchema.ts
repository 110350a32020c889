import { phaseStates, runStates } from '../../model/state.ts';
import { autopackTables } from './autopackSchema.ts';
import type { TableDefinition } from './tableDefinition.ts';

/** The enumerations of Autopack's models, which SQLite keeps as text: their labels, by name, in Autopack's order. */
const enumerations: Readonly<Record<string, readonly string[]>> = {
  runstate: runStates,
  tierstate: ['PENDING', 'IN_PROGRESS', 'COMPLETE', 'FAILED', 'SKIPPED'],
  phasestate: phaseStates,
  phase_outcome: ['SUCCESS', 'FAILED', 'TIMEOUT', 'STUCK'],
};

/** Which columns have which of them. */
const enumerated: Readonly<Record<string, string>> = {
  'runs.state': 'runstate',
  'tiers.state': 'tierstate',
  'phases.state': 'phasestate',
  'phase_outcome_events.phase_outcome': 'phase_outcome',
};

/**
 * Every statement that makes Autopack's tables on PostgreSQL, as SQLAlchemy makes them there from the same models: with
 * sequences for the ids, enumerations for the states, and times without a zone.
 */
export function postgresSchemaStatements(): string[] {
  const types = Object.entries(enumerations).map(
    ([name, labels]) => `CREATE TYPE ${name} AS ENUM (${labels.map((label) => `'${label}'`).join(', ')})`,
  );
  return [...types, ...[...autopackTables].sort(parentsFirst).flatMap(tableStatements)];
}

/** SQLite lets a table refer to one that is made later; PostgreSQL does not. */
function parentsFirst(a: TableDefinition, b: TableDefinition): number {
  const [first, second] = [order(a), order(b)];
  return first === second ? 0 : first - second;
}

function order({ name }: TableDefinition): number {
  const at = ['runs', 'tiers', 'phases'].indexOf(name);
  return at < 0 ? Infinity : at;
}

function tableStatements({ name, columns, constraints, indexes }: TableDefinition): string[] {
  const [key] = constraints.flatMap((constraint) => /^PRIMARY KEY \((\w+)\)$/.exec(constraint)?.[1] ?? []);
  const lines = Object.entries(columns).map(([column, declared]) => {
    const [type = '', ...rest] = declared.split(' ');
    const known = enumerated[`${name}.${column}`];
    const own = known ?? (column === key && type === 'INTEGER' ? 'SERIAL' : (types[type] ?? type));
    return [column, own, ...rest].join(' ');
  });
  const made = Object.entries(indexes).map(
    ([index, indexed]) => `CREATE INDEX ${index} ON ${name} (${indexed.join(', ')})`,
  );
  return [`CREATE TABLE ${name} (\n  ${[...lines, ...constraints].join(',\n  ')}\n)`, ...made];
}

/** Those that PostgreSQL calls otherwise. */
const types: Readonly<Record<string, string>> = { DATETIME: 'TIMESTAMP WITHOUT TIME ZONE' };
