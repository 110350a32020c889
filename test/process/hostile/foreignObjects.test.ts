import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { deleteAgreed, requeueAgreed } from '../../../src/node/maintenance/bulkChange.ts';
import { adopt, planAdoption } from '../../../src/node/maintenance/adopt.ts';
import { backUpDatabase } from '../../../src/node/maintenance/withBackup.ts';
import { planRestoration, restoreDatabase } from '../../../src/node/maintenance/restoreDatabase.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { GuardWorld, suiteReader } from '../../support/guard/guardWorld.ts';
import { rejectsWith } from '../../support/rejectsWith.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const run = 'telemetry-collection-v4';

/** Changes the text of a definition, as a program with functions and syntax of its own leaves it. */
const redefine = (name: string, sql: string): string[] => [
  'PRAGMA writable_schema = 1',
  `UPDATE sqlite_master SET sql = '${sql.replaceAll("'", "''")}' WHERE name = '${name}'`,
  'PRAGMA writable_schema = 0',
];
const virtual = (module: string): string[] => [
  'PRAGMA writable_schema = 1',
  `INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING ${module}')`,
  'PRAGMA writable_schema = 0',
];
const filled = ['CREATE TABLE k (a TEXT, b)', "INSERT INTO k VALUES ('x', 1), ('y', 2)"];

/** What others keep in the same file, none of which makes it damaged. `refuses`: what stands against our writes. */
const objects: readonly {
  readonly name: string;
  readonly plant: readonly string[];
  readonly refuses?: readonly [ErrorCode, RegExp];
}[] = [
  {
    name: 'an FTS5 table',
    plant: ['CREATE VIRTUAL TABLE f USING fts5(z)', "INSERT INTO f VALUES ('hello')"],
  },
  { name: 'an FTS5 table without content', plant: ["CREATE VIRTUAL TABLE f USING fts5(z, content='')"] },
  {
    name: 'an FTS5 table over phases',
    plant: ["CREATE VIRTUAL TABLE f USING fts5(name, content='phases', content_rowid='id')"],
  },
  {
    name: 'an FTS3 table',
    plant: ['CREATE VIRTUAL TABLE f USING fts3(z)', "INSERT INTO f VALUES ('hello')"],
  },
  {
    name: 'an FTS4 table',
    plant: ['CREATE VIRTUAL TABLE f USING fts4(z)', "INSERT INTO f VALUES ('hello')"],
  },
  {
    name: 'an R-tree',
    plant: ['CREATE VIRTUAL TABLE r USING rtree(id, a, b)', 'INSERT INTO r VALUES (1, 2, 3)'],
  },
  { name: 'a geopoly table', plant: virtual('geopoly(a)') },
  { name: 'a dbstat table', plant: ['CREATE VIRTUAL TABLE ds USING dbstat'] },
  { name: 'a vec0 table', plant: virtual('vec0(embedding float[3])') },
  { name: 'a table of an unknown module without arguments', plant: virtual('nobody_knows') },
  {
    name: 'a table of an unknown module with a run_id',
    plant: virtual('nobody_knows(run_id TEXT, phase_id TEXT)'),
  },
  {
    name: 'a column with an unknown collation',
    plant: [...filled, ...redefine('k', 'CREATE TABLE k (a TEXT COLLATE strange, b)')],
  },
  {
    name: 'an index with an unknown collation',
    plant: [
      ...filled,
      'CREATE INDEX ki ON k (a)',
      ...redefine('ki', 'CREATE INDEX ki ON k (a COLLATE strange)'),
    ],
  },
  {
    name: 'a generated column with an unknown function',
    plant: [...filled, ...redefine('k', 'CREATE TABLE k (a TEXT, b, c AS (strange(a)))')],
  },
  {
    name: 'a check with an unknown function',
    plant: [...filled, ...redefine('k', 'CREATE TABLE k (a TEXT, b, CHECK (strange(a)))')],
  },
  {
    name: 'a default with an unknown function',
    plant: [...filled, ...redefine('k', 'CREATE TABLE k (a TEXT, b DEFAULT (strange(1)))')],
  },
  {
    name: 'an index on an expression with an unknown function',
    plant: [
      ...filled,
      'CREATE INDEX ki ON k (lower(a))',
      ...redefine('ki', 'CREATE INDEX ki ON k (strange(a))'),
    ],
  },
  {
    name: 'a partial index with an unknown function',
    plant: [
      ...filled,
      "CREATE INDEX ki ON k (a) WHERE a = 'x'",
      ...redefine('ki', 'CREATE INDEX ki ON k (a) WHERE strange(a)'),
    ],
  },
  { name: 'a view of an unknown function', plant: ['CREATE VIEW w AS SELECT strange(1)'] },
  { name: 'a view of a missing table', plant: ['CREATE VIEW w AS SELECT * FROM nowhere'] },
  {
    name: 'a view of itself',
    plant: ['CREATE VIEW w AS SELECT * FROM w2', 'CREATE VIEW w2 AS SELECT * FROM w'],
  },
  {
    name: 'an endless view',
    plant: [
      'CREATE VIEW w AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n',
    ],
  },
  {
    name: 'a trigger of an unknown function on a table of somebody',
    plant: [...filled, 'CREATE TRIGGER t AFTER INSERT ON k BEGIN SELECT strange(1); END'],
  },
  {
    name: 'a table without row ids',
    plant: ['CREATE TABLE k (a PRIMARY KEY, b) WITHOUT ROWID', "INSERT INTO k VALUES ('x', 1)"],
  },
  { name: 'a strict table', plant: ['CREATE TABLE k (a ANY, b INT) STRICT'] },
  {
    name: 'names of odd characters',
    plant: ['CREATE TABLE "a ""b"" \'c\' [d]\n;--" ("run_id ""x""", "\u202e")', 'CREATE TABLE "" (a)'],
  },
  { name: 'a foreign key to a table that is missing', plant: ['CREATE TABLE k (a REFERENCES nowhere (b))'] },
  {
    name: 'a table in a syntax of the future',
    plant: [...filled, ...redefine('k', 'CREATE TABLE k (a TEXT, b) FUTURE')],
    refuses: [
      'unsupported',
      /^Nothing was written to .*: it is not damaged, but its schema .* \(malformed database schema \(k\) - unknown table option: FUTURE\)\.$/,
    ],
  },
  {
    name: 'an index in a syntax of the future',
    plant: [...filled, 'CREATE INDEX ki ON k (a)', ...redefine('ki', 'CREATE INDEX ki ON k (a) FUTURE')],
    refuses: ['unsupported', /it is not damaged, but its schema/],
  },
  {
    name: 'a trigger in a syntax of the future',
    plant: [
      ...filled,
      'CREATE TRIGGER t AFTER INSERT ON k BEGIN SELECT 1; END',
      ...redefine('t', 'CREATE TRIGGER t FUTURE INSERT ON k BEGIN SELECT 1; END'),
    ],
    refuses: ['unsupported', /it is not damaged, but its schema/],
  },
];

describe('foreign objects in the database', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();

  function plant(path: string, statements: readonly string[]): void {
    const database = new DatabaseSync(path);
    // Otherwise newer versions refuse to have the schema written.
    (database as { enableDefensive?: (on: boolean) => void }).enableDefensive?.(false);
    for (const statement of statements) database.exec(statement);
    database.close();
  }

  for (const { name, plant: statements, refuses } of objects) {
    it(`${name} is left alone: everything is read, backed up and restored${refuses === undefined ? ', and written' : ', and a write is refused in words'}`, async () => {
      const world = new GuardWorld(folder(), reader());
      const { guard, writer, folder: workspaceFolder } = world;
      const path = await world.make(`${randomUUID()}.db`);
      plant(path, ["UPDATE phases SET state = 'FAILED' WHERE phase_index < 3", ...statements]);
      const ask = world.reader.request.bind(world.reader);
      const { value: facts } = await ask(path, 'identity', null);
      assert.deepEqual([facts.counts.runs, facts.counts.phases], [1, 10]);
      assert.equal((await ask(path, 'listRuns', null)).value.length, 1);
      assert.equal((await ask(path, 'failures', null)).value.clusters.length, 1);
      assert.equal((await ask(path, 'drainCandidates', { kind: 'all' })).value.candidates.length, 10);
      assert.equal((await ask(path, 'eventCounts', { runId: null })).value.token_estimation_v2_events, 0);
      const { value: content } = await ask(path, 'backupContent', null);
      assert.deepEqual([content.isWhole, content.runs, content.phases], [true, 1, 10]);
      const { path: backupPath } = await backUpDatabase(world.reader, {
        path,
        workspaceFolder,
        now: Date.now(),
      });
      const { fileId } = await planRestoration(world.reader, { path, backupPath, workspaceFolder });
      await restoreDatabase({ path, backupPath, workspaceFolder, now: Date.now() + 1, fileId });

      const { value: run_ } = await ask(path, 'runToDelete', { runId: run });
      const scope = { states: ['FAILED'], staleBefore: 0 } as const;
      const { phases } = (await ask(path, 'requeueSelection', scope)).value;
      const deps = { writer, clock: systemClock, workspaceFolder, guard };
      const plan = await planAdoption(guard, path, { role: 'seed', anew: true, anyRole: true });
      const expected = await world.authorise(path, 'requeue');
      const writes = [
        () => requeueAgreed(path, phases, expected, deps),
        () => world.seed(path),
        () => deleteAgreed(path, run_, expected, deps),
        () => adopt(plan, deps),
      ];
      for (const write of writes) {
        if (refuses === undefined) await write();
        else assert.match((await rejectsWith(refuses[0], write())).message, refuses[1]);
      }
    });
  }
});
