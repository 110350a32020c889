import type { ErrorCode } from '../../../src/core/errors.ts';
import { createStatements } from '../../../src/core/db/schema/tableDefinition.ts';
import { phasesTable } from '../../../src/core/db/schema/runTables.ts';
import { type changes, seededRun } from '../../support/guard/everyChange.ts';

/** A trigger's statement that never ends. */
export const endless =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0';

/** What is planted, and the refusal it meets. */
export interface Attempt {
  readonly name: string;
  readonly plant: readonly string[];
  /** The changes it is in the way of. */
  readonly stops: readonly (keyof typeof changes)[];
  readonly code: ErrorCode;
  readonly message: RegExp;
}

const onPhases = ['requeue', 'mark stale', 'fail a phase'];
/** Gives phases a further constraint, which two pairs of them are a change away from. */
const constraint = (words: string): readonly string[] => {
  const constraints = [...phasesTable.constraints, words];
  return [
    'PRAGMA foreign_keys = 0',
    'CREATE TABLE held AS SELECT * FROM phases',
    'DROP TABLE phases',
    ...createStatements({ ...phasesTable, constraints }),
    'INSERT INTO phases SELECT * FROM held',
    ...[
      [0, 7],
      [5, 1],
    ].map(
      ([of, to]) =>
        `UPDATE phases SET name = (SELECT name FROM held WHERE phase_index = ${of}) WHERE phase_index = ${to}`,
    ),
  ];
};
const forbidden = (columns: string) =>
  new RegExp(
    `^Nothing was written to .*: a rule of the database forbids it \\(UNIQUE constraint failed: ${columns}\\)`,
  );
/** A statement that plants a trigger. */
export const trigger = (when: string, body: string, name = 'planted'): string =>
  `CREATE TRIGGER ${name} ${when} BEGIN ${body}; END`;
/** What a trigger of that name on a table meets. */
export const refused = (table: string, name = 'planted') =>
  new RegExp(`^Nothing was written: in .*the trigger "${name}" on ${table} would run`);

/** Each there before, and each planted meanwhile. */
export const attempts: readonly Attempt[] = [
  {
    name: 'a trigger that deletes phases',
    plant: [trigger('AFTER UPDATE ON phases', "DELETE FROM phases WHERE state = 'QUEUED'")],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger that changes the role',
    plant: [trigger('AFTER UPDATE ON phases', "UPDATE autopack_hygiene_identity SET role = 'legacy'")],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger before the update',
    plant: [trigger('BEFORE UPDATE ON phases', 'DELETE FROM tiers')],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger that swallows the update',
    plant: [trigger('BEFORE UPDATE ON phases', 'SELECT RAISE(IGNORE)')],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger that swallows a deletion',
    plant: [trigger('BEFORE DELETE ON runs', 'SELECT RAISE(IGNORE)')],
    stops: ['delete a run', 'delete canaries'],
    code: 'triggers',
    message: refused('runs'),
  },
  {
    name: 'a trigger on one column',
    plant: [trigger('AFTER UPDATE OF state ON phases', 'DELETE FROM runs')],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger with a condition that is never true',
    plant: [trigger('AFTER UPDATE ON phases WHEN 0', 'DELETE FROM runs')],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger on the insertion of runs',
    plant: [trigger('AFTER INSERT ON runs', 'DELETE FROM phases')],
    stops: ['seed', 'insert a canary'],
    code: 'triggers',
    message: refused('runs'),
  },
  {
    name: 'a trigger on the deletion of runs that empties another run',
    plant: [trigger('AFTER DELETE ON runs', 'DELETE FROM phases')],
    stops: ['delete a run', 'delete canaries'],
    code: 'triggers',
    message: refused('runs'),
  },
  {
    name: 'a trigger on tiers',
    plant: [trigger('AFTER INSERT ON tiers', 'DELETE FROM phases')],
    stops: ['seed'],
    code: 'triggers',
    message: refused('tiers'),
  },
  {
    name: 'an endless trigger',
    plant: [trigger('AFTER UPDATE ON phases', endless)],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger that calls itself, with recursive triggers on',
    plant: [
      'PRAGMA recursive_triggers = 1',
      trigger('AFTER UPDATE ON phases', 'UPDATE phases SET tokens_used = tokens_used + 1'),
    ],
    stops: onPhases,
    code: 'triggers',
    message: refused('phases'),
  },
  {
    name: 'a trigger with quotes, a line break and escapes in its name',
    plant: [trigger('AFTER UPDATE ON phases', 'DELETE FROM runs', '"a ""b""\n\u001b[2J\u202e"')],
    stops: ['requeue'],
    code: 'triggers',
    message: /the trigger "a \\"b\\"\\n\\u001b\[2J/,
  },
  {
    name: 'a hundred triggers',
    plant: Array.from({ length: 100 }, (_, i) =>
      trigger('AFTER UPDATE ON phases', 'SELECT 1', `t${String(i).padStart(3, '0')}`),
    ),
    stops: ['requeue'],
    code: 'triggers',
    message: /the triggers "t\d+" on phases, .* 95 more would run/,
  },
  {
    name: 'a trigger named as one of Autopack, which does something else',
    plant: [trigger('AFTER UPDATE ON phases', 'DELETE FROM runs', 'update_build_runs_timestamp')],
    stops: ['requeue'],
    code: 'triggers',
    message: refused('phases', 'update_build_runs_timestamp'),
  },
];

/** What is not to be planted meanwhile, or shows only with the lock held. */
export const hidden: readonly Attempt[] = [
  {
    name: 'a trigger on our own table',
    plant: [trigger('AFTER INSERT ON autopack_hygiene_identity', 'DELETE FROM phases')],
    stops: ['adopt', 'requeue', 'seed'],
    code: 'triggers',
    message: refused('autopack_hygiene_identity'),
  },
  {
    name: 'a foreign key that carries the state of a phase into a table of somebody',
    plant: [
      'CREATE UNIQUE INDEX by_state ON phases (id, state)',
      'CREATE TABLE others (p, s, FOREIGN KEY (p, s) REFERENCES phases (id, state) ON UPDATE CASCADE)',
      'INSERT INTO others SELECT id, state FROM phases',
    ],
    stops: ['requeue', 'mark stale'],
    code: 'unexpected-changes',
    message: /^Nothing was written to .*: triggers or foreign keys changed \d+ more rows? than agreed to\.$/,
  },
  {
    name: 'a trigger at the end of a foreign key',
    plant: [
      'CREATE UNIQUE INDEX by_state ON phases (id, state)',
      'CREATE TABLE others (p, s, FOREIGN KEY (p, s) REFERENCES phases (id, state) ON UPDATE CASCADE)',
      'INSERT INTO others SELECT id, state FROM phases',
      trigger('AFTER UPDATE ON others', 'DELETE FROM runs'),
    ],
    stops: ['requeue'],
    code: 'triggers',
    message: refused('others'),
  },
  {
    name: 'a trigger on a table that goes with the run by its foreign key',
    plant: [
      'CREATE TABLE notes (run_id REFERENCES runs (id) ON DELETE CASCADE)',
      `INSERT INTO notes VALUES ('${seededRun}')`,
      trigger('AFTER DELETE ON notes', 'DELETE FROM phases'),
    ],
    stops: ['delete a run'],
    code: 'triggers',
    message: refused('notes'),
  },
  {
    name: 'a foreign key to our own table that goes with the old identity',
    plant: [
      'CREATE TABLE notes (row REFERENCES autopack_hygiene_identity (only_row) ON DELETE CASCADE)',
      'INSERT INTO notes VALUES (1)',
    ],
    stops: ['adopt'],
    code: 'unexpected-changes',
    message: /more rows? than agreed to/,
  },
  {
    name: 'a constraint that replaces other phases, of which SQLite counts none',
    plant: constraint('UNIQUE (name, state) ON CONFLICT REPLACE'),
    stops: ['requeue', 'mark stale'],
    code: 'unexpected-changes',
    message: forbidden('phases.name, phases.state'),
  },
  {
    name: 'a constraint that lets a change pass without making it',
    plant: constraint('UNIQUE (name, state) ON CONFLICT IGNORE'),
    stops: ['requeue', 'mark stale'],
    code: 'unexpected-changes',
    message: forbidden('phases.name, phases.state'),
  },
  {
    name: 'a constraint that ends the transaction in the middle',
    plant: constraint('UNIQUE (name, state) ON CONFLICT ROLLBACK'),
    stops: ['requeue', 'mark stale'],
    code: 'unexpected-changes',
    message: forbidden('phases.name, phases.state'),
  },
  {
    name: 'a constraint of new runs that replaces phases of others',
    plant: [...constraint('UNIQUE (phase_index) ON CONFLICT REPLACE')],
    stops: ['seed'],
    code: 'unexpected-changes',
    message: forbidden('phases.phase_index'),
  },
  {
    name: 'tiers as a virtual table',
    plant: [
      'PRAGMA foreign_keys = 0',
      'DROP TABLE tiers',
      'CREATE VIRTUAL TABLE tiers USING fts5(tier_id, run_id, name, state)',
    ],
    stops: ['seed'],
    code: 'unsupported',
    message: /tiers would be written and is a view or a virtual table/,
  },
  {
    name: 'tiers as a view with a trigger instead of insertions',
    plant: [
      'PRAGMA foreign_keys = 0',
      'CREATE TABLE t AS SELECT * FROM tiers',
      'DROP TABLE tiers',
      'CREATE VIEW tiers AS SELECT * FROM t',
      trigger('INSTEAD OF INSERT ON tiers', 'DELETE FROM phases'),
    ],
    stops: ['seed'],
    code: 'unsupported',
    message: /tiers would be written and is a view or a virtual table/,
  },
  {
    name: 'phases as a view',
    plant: ['ALTER TABLE phases RENAME TO p', 'CREATE VIEW phases AS SELECT * FROM p'],
    stops: ['seed', 'insert a canary'],
    code: 'not-autopack',
    message: /phases is a view or a virtual table, and Autopack makes ordinary ones/,
  },
  {
    name: 'runs as a virtual table',
    plant: [
      'PRAGMA foreign_keys = 0',
      'DROP TABLE runs',
      'CREATE VIRTUAL TABLE runs USING fts5(id, state, created_at)',
    ],
    stops: ['seed', 'insert a canary'],
    code: 'which-file',
    message: /1 of the 1 remembered runs gone/,
  },
];
