import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DecodeWarnings } from '../../../../src/core/db/columnReader.ts';
import { otherTelemetryTables, TolerantSchema } from '../../../../src/core/db/tolerantSchema.ts';
import { migrationsText, otherTelemetryText } from '../../../../src/core/identity/schemaFacts.ts';
import type { DatabaseContent, DatabaseFile } from '../../../../src/core/model/databaseFacts.ts';
import { databaseContent, identity } from '../../../../src/core/queries/identity.ts';
import type { KeptParts, QueryContext } from '../../../../src/core/db/scan/queryContext.ts';
import { initDatabase, seedDatabase } from '../../../../src/core/seed/seedDatabase.ts';
import { sha256Hex } from '../../../../src/node/system/systemPorts.ts';
import { DatabaseWriter } from '../../../../src/node/writer/databaseWriter.ts';
import { type DatabaseKind, databaseSources } from '../../../support/data/dataSources.ts';
import { nativeReadDatabase } from '../../../support/nativeReadDatabase.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const file: DatabaseFile = {
  path: '/srv/test.db',
  sizeBytes: 4096,
  modifiedAt: 0,
  journalMode: 'delete',
  fileId: '1:2',
};

function contextOf(database: DatabaseSync): QueryContext {
  const db = nativeReadDatabase(database);
  return { db, schema: TolerantSchema.read(db), file, warnings: new DecodeWarnings() };
}

function contentOf(database: DatabaseSync): DatabaseContent {
  return databaseContent(contextOf(database), sha256Hex);
}

function madeOf(sql: string): DatabaseContent {
  const database = new DatabaseSync(':memory:');
  database.exec(sql);
  return contentOf(database);
}

function codes(content: DatabaseContent): string[] {
  return content.warnings.map(({ code }) => code);
}

const tables =
  'CREATE TABLE runs (id TEXT, state TEXT); CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT);';

describe('databaseContent', () => {
  describe('of whole files', () => {
    for (const { name, kind, path } of databaseSources()) {
      it(`agrees with SQLite on ${name}`, () => {
        const database = new DatabaseSync(path, { readOnly: true });
        const { counts, phaseStates, telemetry, ...content } = contentOf(database);
        const value = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0];
        const pairs = (sql: string) =>
          Object.fromEntries(
            database
              .prepare(sql)
              .all()
              .map((row) => Object.values(row) as [string, number]),
          );
        assert.equal(content.role, kind === 'reference-seed' ? 'seed' : 'legacy');
        assert.equal(counts.runs, value('SELECT count(*) FROM runs'));
        assert.equal(counts.phases, value('SELECT count(*) FROM phases'));
        assert.equal(counts.llmUsageEvents, value('SELECT count(*) FROM llm_usage_events'));
        assert.deepEqual(
          phaseStates,
          pairs('SELECT upper(state), count(*) FROM phases GROUP BY upper(state)'),
        );
        assert.equal(telemetry !== null, kind !== 'oldest-backlog');
        if (telemetry === null) return;
        const events = 'FROM token_estimation_v2_events';
        assert.deepEqual(telemetry, {
          total: value(`SELECT count(*) ${events}`),
          success: value(`SELECT count(*) ${events} WHERE success`),
          truncated: value(`SELECT count(*) ${events} WHERE truncated`),
          byCategory: pairs(`SELECT category, count(*) ${events} WHERE success GROUP BY 1`),
          byComplexity: pairs(`SELECT complexity, count(*) ${events} WHERE success GROUP BY 1`),
        });
        const orphans = value(
          `SELECT count(*) ${events} e LEFT JOIN phases USING (run_id, phase_id) WHERE phases.id IS NULL`,
        );
        const warning = content.warnings.find(({ code }) => code === 'orphan-events');
        assert.equal(warning?.message.split(' ')[0] ?? '0', String(orphans));
      });
    }

    for (const isReal of new Set(databaseSources().map((source) => source.isReal))) {
      it(`names what the older schemas lack, and gives each its own fingerprint (${isReal ? 'real' : 'generated'})`, () => {
        const schemaOf = (kind: DatabaseKind) => {
          const source = databaseSources(kind).find((each) => each.isReal === isReal);
          return contentOf(new DatabaseSync(source?.path ?? '', { readOnly: true })).schema;
        };
        const oldest = schemaOf('oldest-backlog');
        const older = schemaOf('backlog');
        const reference = schemaOf('reference-seed');
        assert.ok(oldest.missingTables.includes('token_estimation_v2_events'));
        assert.ok(older.missingColumns.includes('token_estimation_v2_events.actual_max_tokens'));
        assert.ok(older.missingColumns.includes('llm_usage_events.total_tokens'));
        assert.deepEqual([reference.missingTables, reference.missingColumns], [[], []]);
        const fingerprints = [oldest, older, reference].map(({ fingerprint }) => fingerprint);
        assert.equal(new Set(fingerprints).size, 3);
        for (const fingerprint of fingerprints) assert.match(fingerprint, /^[0-9a-f]{16}$/);
      });
    }
  });

  describe('of a database of our own', () => {
    const folder = temporaryFolder();

    it('is an empty seed database after init, and a full one after seeding', async () => {
      const writer = new DatabaseWriter();
      const path = join(folder(), 'seed.db');
      const now = Date.UTC(2026, 10, 23);
      await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: now });
      const empty = contentOf(new DatabaseSync(path, { readOnly: true }));
      assert.equal(empty.role, 'seed');
      assert.deepEqual(codes(empty), ['empty']);
      await seedDatabase(writer, path, { now });
      const seeded = contentOf(new DatabaseSync(path, { readOnly: true }));
      assert.deepEqual(seeded.phaseStates, { QUEUED: 10 });
      assert.deepEqual(seeded.warnings, []);
      assert.deepEqual(seeded.telemetry, {
        total: 0,
        success: 0,
        truncated: 0,
        byCategory: {},
        byComplexity: {},
      });
    });
  });

  it('says of another program’s database that it is none of Autopack', () => {
    const content = madeOf('CREATE TABLE notes (text)');
    assert.deepEqual(codes(content), ['not-autopack']);
    assert.equal(content.role, 'unknown');
    assert.equal(content.telemetry, null);
    assert.deepEqual(content.counts, {
      runs: null,
      phases: null,
      llmUsageEvents: null,
      tokenEstimationEvents: null,
      tokenBudgetEscalationEvents: null,
    });
  });

  it('merges states whatever their letter case, and says which it does not know', () => {
    const content = madeOf(`${tables} INSERT INTO runs VALUES ('r', 'x');
      INSERT INTO phases VALUES ('r', 'a', 'queued'), ('r', 'b', 'QUEUED'), ('r', 'c', ' Queued '), ('r', 'd', 'paused'), ('r', 'e', NULL)`);
    assert.deepEqual(content.phaseStates, { QUEUED: 3, PAUSED: 1, UNKNOWN: 1 });
    assert.equal(content.counts.phases, 5);
    const warning = content.warnings.find(({ code }) => code === 'unknown-state');
    assert.match(warning?.message ?? '', /PAUSED, UNKNOWN|UNKNOWN, PAUSED/);
  });

  it('tells the role by the runs, and by the identity first', () => {
    const runs = (...ids: string[]) =>
      `${tables} INSERT INTO runs (id) VALUES ${ids.map((id) => `('${id}')`).join(', ')};`;
    const identity = `CREATE TABLE autopack_hygiene_identity (id TEXT, role TEXT, created_at TEXT);
      INSERT INTO autopack_hygiene_identity VALUES ('some-id', 'legacy', '');`;
    assert.equal(madeOf(tables).role, 'unknown');
    assert.equal(madeOf(runs('telemetry-collection-v4', 'telemetry-collection-v5')).role, 'seed');
    assert.equal(madeOf(runs('telemetry-collection-v4', 'build-1')).role, 'legacy');
    assert.equal(madeOf(runs('telemetry-test-single')).role, 'legacy');
    assert.equal(madeOf(runs('telemetry-collection-v4') + identity).role, 'legacy');
    assert.equal(
      madeOf(runs('telemetry-collection-v4') + identity.replace("'legacy'", "'master'")).role,
      'seed',
    );
  });

  it('warns of runs without phases and of a missing telemetry table', () => {
    const content = madeOf(`${tables} INSERT INTO runs VALUES ('build-1', 'DONE_SUCCESS')`);
    assert.ok(codes(content).includes('no-phases'));
    assert.ok(codes(content).includes('no-telemetry-table'));
  });

  describe('tells what Alembic has noted', () => {
    const newer = `${tables} CREATE TABLE doctor_outcome_events (run_id TEXT);`;
    const version = 'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);';
    const insert = (...values: string[]) =>
      `${version} INSERT INTO alembic_version VALUES ${values.map((value) => `(${value})`).join(', ')};`;
    const cases: readonly (readonly [what: string, sql: string, state: string, text: string | null])[] = [
      ['a schema of December', tables, 'older-schema', null],
      ['another program’s tables', 'CREATE TABLE learned_rules (a)', 'older-schema', null],
      ['newer tables alone', newer, 'without-migrations', 'made without migrations (no alembic_version)'],
      ['one version', `${newer} ${insert(`'a1b2c3'`)}`, 'at-version', 'at version a1b2c3'],
      [
        'a version without newer tables',
        `${tables} ${insert(`'a1b2c3'`)}`,
        'at-version',
        'at version a1b2c3',
      ],
      ['several heads', `${newer} ${insert(`'b2'`, `'a1'`)}`, 'at-version', '2 heads: a1, b2'],
      ['an empty table', `${newer} ${version}`, 'no-version', 'no version (alembic_version is empty)'],
      [
        'a table of another shape',
        `${newer} CREATE TABLE alembic_version (id); INSERT INTO alembic_version VALUES (1)`,
        'no-version',
        'no version (alembic_version is empty)',
      ],
      [
        'values that are no version',
        `${newer} CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES (NULL), (x'00'), (' '), (3)`,
        'no-version',
        'no version (alembic_version is empty)',
      ],
      [
        'a view in its place',
        `${newer} CREATE VIEW alembic_version AS SELECT 'a1' AS version_num`,
        'without-migrations',
        'made without migrations (no alembic_version)',
      ],
    ];
    for (const [what, sql, state, text] of cases) {
      it(`of ${what}`, () => {
        const { migrations } = madeOf(sql);
        assert.equal(migrations.state, state);
        assert.equal(migrationsText(migrations), text);
      });
    }

    it('of no more heads than anybody reads', () => {
      const many = Array.from({ length: 1000 }, (_, n) => `'v${n}'`);
      assert.equal(madeOf(`${newer} ${insert(...many)}`).migrations.versions.length, 20);
    });
  });

  it('counts the telemetry tables of newer versions that are there', () => {
    const content =
      madeOf(`${tables} CREATE TABLE Phase6_Metrics (a); INSERT INTO phase6_metrics VALUES (1), (2);
      CREATE TABLE token_efficiency_metrics (a); CREATE TABLE risk_gating_events (a); CREATE VIEW sot_retrieval_events AS SELECT 1;`);
    assert.deepEqual(content.otherTelemetry, {
      token_efficiency_metrics: 0,
      phase6_metrics: 2,
      risk_gating_events: 0,
    });
    assert.equal(otherTelemetryText(content.otherTelemetry), 'phase6_metrics 2; 2 tables empty');
    assert.deepEqual(madeOf(tables).otherTelemetry, {});
    assert.equal(otherTelemetryText({}), null);
  });

  it('counts them among ever so many foreign tables', () => {
    const foreign = Array.from({ length: 1100 }, (_, n) => `CREATE TABLE other_${n} (a);`).join(' ');
    const known = otherTelemetryTables.map((table) => `CREATE TABLE ${table} (a);`).join(' ');
    const content = madeOf(`${tables} ${foreign} ${known}`);
    assert.deepEqual(Object.keys(content.otherTelemetry), otherTelemetryTables);
    assert.equal(content.migrations.state, 'without-migrations');
  });

  it('has one fingerprint for one schema, in whatever order it was made', () => {
    const [first, second] = [
      'CREATE TABLE runs (id, state); CREATE TABLE phases (a)',
      'CREATE TABLE phases (a); CREATE TABLE RUNS (State, id); CREATE TABLE other (a)',
    ];
    const fingerprint = (sql: string) => madeOf(sql).schema.fingerprint;
    assert.equal(fingerprint(first), fingerprint(second));
    assert.notEqual(fingerprint(first), fingerprint(`${first}; ALTER TABLE runs ADD COLUMN goal`));
  });

  it('stands beside the facts of the file', () => {
    const database = new DatabaseSync(':memory:');
    assert.deepEqual(identity(contextOf(database), sha256Hex), { ...file, ...contentOf(database) });
  });

  it('does not count the events again while they are the same', () => {
    const database = new DatabaseSync(':memory:');
    database.exec(
      `${tables} CREATE TABLE token_estimation_v2_events (success); INSERT INTO token_estimation_v2_events VALUES (1)`,
    );
    const parts = new Map<string, unknown>();
    const kept: KeptParts = {
      reuse<T>(key: string, compute: (context: QueryContext) => T): T {
        if (!parts.has(key)) parts.set(key, compute(contextOf(database)));
        return parts.get(key) as T;
      },
    };
    const ask = () => databaseContent({ ...contextOf(database), kept }, sha256Hex);
    assert.equal(ask().counts.tokenEstimationEvents, 1);
    database.exec(`DELETE FROM token_estimation_v2_events; INSERT INTO runs VALUES ('r', 'x')`);
    assert.equal(ask().counts.tokenEstimationEvents, 1, 'kept');
    assert.equal(ask().counts.runs, 1, 'read again');
  });
});
