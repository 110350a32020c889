import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import { TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { anyPhase, filterTest, type PhaseFilter } from '../../../../src/core/model/phaseFilter.ts';
import type { MatchingRuns } from '../../../../src/core/model/run.ts';
import { matchingRuns } from '../../../../src/core/queries/matchingRuns.ts';
import { phaseKinds } from '../../../../src/core/queries/stateCounts.ts';
import type { QueryContext } from '../../../../src/core/db/scan/queryContext.ts';
import { listRuns, runDetail } from '../../../../src/core/queries/runs.ts';
import { databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';
import { openSnapshots } from '../../../support/openSnapshots.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

function contextOf(database: DatabaseSync): QueryContext {
  const db = nativeReadDatabase(database);
  const file = { path: 'a.db', sizeBytes: 0, modifiedAt: 0, journalMode: 'delete', fileId: '' } as const;
  return { db, schema: TolerantSchema.read(db), warnings: new DecodeWarnings(), file };
}

const shown = ({ runs }: MatchingRuns): unknown => runs.map(({ run, matching }) => [run.id, matching]);

describe('matchingRuns', () => {
  const folder = temporaryFolder();

  const filters: readonly Partial<PhaseFilter>[] = [
    { states: ['FAILED'] },
    { states: ['QUEUED', 'FAILED'], text: 'test' },
    { text: 'BUILD' },
    { categories: ['tests', 'docs'] },
    { categories: ['unknown'], complexities: ['medium-high', 'unknown'] },
    { categories: ['backend'], complexities: ['low', 'medium'], states: ['COMPLETE'] },
    { text: 'no phase has this' },
    {},
  ];
  for (const { name, path } of databaseSources()) {
    it(`counts what the rows below each run show: ${name}`, async () => {
      const reader = await openSnapshots(path);
      const { value: all } = await reader.read({ key: 'runs', run: listRuns });
      const details = await Promise.all(
        all.map(({ id }) => reader.read({ key: id, run: (context) => runDetail(context, { runId: id }) })),
      );
      for (const part of filters) {
        const filter = { ...anyPhase, ...part };
        const key = JSON.stringify(filter);
        const { value } = await reader.read({ key, run: (context) => matchingRuns(context, filter) });
        const passes = filterTest(filter);
        const expected = details.flatMap(({ value: { run, phases } }) => {
          const matching: Record<string, number> = {};
          for (const { state } of phases.filter(passes)) matching[state] = (matching[state] ?? 0) + 1;
          return Object.keys(matching).length === 0 ? [] : [{ run, matching }];
        });
        assert.deepEqual(value, { runs: expected, runsInAll: all.length }, key);
      }
      reader.close();
    });
  }

  it('takes states in any letter case, missing columns, and tables without row ids', () => {
    const odd = new DatabaseSync(':memory:');
    odd.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY); INSERT INTO runs VALUES ('a'), ('b'), ('idle');
      CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, PRIMARY KEY (run_id, phase_id)) WITHOUT ROWID;
      INSERT INTO phases VALUES ('a', 'one', 'queued'), ('a', 'two', ' Failed '), ('b', 'one', NULL), ('lost', 'one', 'Queued')`);
    const of = (filter: Partial<PhaseFilter>): MatchingRuns =>
      matchingRuns(contextOf(odd), { ...anyPhase, ...filter });
    assert.deepEqual(shown(of({ states: ['QUEUED'] })), [
      ['a', { QUEUED: 1 }],
      ['lost', { QUEUED: 1 }],
    ]);
    assert.deepEqual(shown(of({ states: ['FAILED', 'UNKNOWN'], text: 'O' })), [
      ['a', { FAILED: 1 }],
      ['b', { UNKNOWN: 1 }],
    ]);
    assert.deepEqual(shown(of({ categories: ['tests'] })), []);
    assert.equal(of({ text: 'none' }).runsInAll, 4);
    odd.exec('DROP TABLE phases');
    assert.deepEqual(shown(of({ text: 'a' })), []);
  });

  it('reads only the part of the phases again that a commit changed', async () => {
    const path = join(folder(), 'many.db');
    const writer = new DatabaseSync(path);
    writer.exec(`CREATE TABLE runs (id TEXT PRIMARY KEY);
      CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, name TEXT, state TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO phases SELECT i, 'run-' || (i / 50), 'phase-' || (i % 50), 'Name ' || i, 'FAILED' FROM n;
      INSERT INTO runs SELECT DISTINCT run_id FROM phases`);
    const reader = await openSnapshots(path);
    const filter = { ...anyPhase, text: 'Phase-7' };
    let rows = 0;
    const ask = async (): Promise<MatchingRuns> => {
      rows = 0;
      const { value } = await reader.read({
        key: 'matching',
        run: (context) => {
          const { kept } = context;
          if (kept === undefined) return matchingRuns(context, filter);
          const counting = <T>(key: string, compute: (own: QueryContext) => T): T =>
            kept.reuse(key, (own) => compute(over(own, { db: counted(own.db, () => (rows += 1)) })));
          return matchingRuns(over(context, { kept: { reuse: counting } }), filter);
        },
      });
      return value;
    };
    assert.equal((await ask()).runs.length, 400);
    assert.ok(rows > 20_000, `${rows}`);
    writer.exec(`UPDATE phases SET phase_id = 'gone' WHERE id = 10007`);
    assert.equal((await ask()).runs.length, 399);
    assert.ok(rows > 0 && rows < 3000, `${rows}`);
    writer.close();
    reader.close();
  });
});

describe('phaseKinds', () => {
  it('counts states, categories and complexities, in one spelling', () => {
    const made = new DatabaseSync(':memory:');
    made.exec(`CREATE TABLE phases (run_id TEXT, state TEXT, task_category TEXT);
      INSERT INTO phases VALUES ('a', 'queued', 'Tests'), ('a', 'FAILED', ' testing'), ('b', 'FAILED', 'doc_write'), ('b', 'FAILED', NULL)`);
    assert.deepEqual(phaseKinds(contextOf(made)), {
      states: { QUEUED: 1, FAILED: 3 },
      categories: [
        { name: 'tests', phases: 2 },
        { name: 'docs', phases: 1 },
        { name: 'unknown', phases: 1 },
      ],
      complexities: [{ name: 'unknown', phases: 4 }],
    });
    made.exec('DROP TABLE phases');
    assert.deepEqual(phaseKinds(contextOf(made)), { states: {}, categories: [], complexities: [] });
  });
});

/** Not a copy: to read `file` makes an answer depend on the file as a whole. */
function over(context: QueryContext, own: Partial<QueryContext>): QueryContext {
  return Object.assign(Object.create(context) as QueryContext, own);
}

function counted(db: QueryContext['db'], onRow: () => void): QueryContext['db'] {
  return {
    all: (sql, params) => db.all(sql, params),
    each: (sql, params, each) =>
      db.each(sql, params, (row) => {
        onRow();
        each(row);
      }),
  };
}
