import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import type { ReaderRequestName } from '../../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from '../../support/databaseReader.ts';
import { databaseSources } from '../../support/data/dataSources.ts';
import { canonicalCopy } from '../../support/postgres/canonicalCopy.ts';
import { type LoadOptions, loadIntoPostgres } from '../../support/postgres/loadDatabase.ts';
import { assertSameAnswers } from '../../support/postgres/sameAnswers.ts';
import { postgresServer } from '../../support/postgres/usePostgres.ts';
import { createBacklog } from '../../support/smallBacklog.ts';
import { addTelemetry } from '../../support/telemetryDatabase.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { seededKinds, simulateSamples } from '../../unit/core/telemetry/calibration/simulatedSamples.ts';

/** A row that Autopack adds for each of some phases; columns that an older schema lacks are left out. */
interface Addition {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
}

const model = { run_id: 'run_id', phase_id: 'phase_id', model: `'sonnet'` };
const added = `'2026-11-28 09:00:01.500000'`;
const llmCall: Addition = {
  table: 'llm_usage_events',
  columns: {
    ...model,
    ...{ provider: `'anthropic'`, role: `'builder'`, is_doctor_call: 'false', created_at: added },
    ...{ total_tokens: '900', prompt_tokens: '400', completion_tokens: '500' },
  },
};
const sample: Addition = {
  table: 'token_estimation_v2_events',
  columns: {
    ...model,
    ...{
      timestamp: added,
      created_at: added,
      category: `'tests'`,
      complexity: `'low'`,
      deliverable_count: '2',
    },
    ...{
      deliverables_json: `'["tests/test_é.py"]'`,
      predicted_output_tokens: '700',
      selected_budget: '8192',
    },
    ...{ actual_output_tokens: '500 + id', success: 'true', truncated: 'false', stop_reason: `'end_turn'` },
    ...{
      smape_percent: '33.3333333333333',
      waste_ratio: '1.4',
      underestimated: 'false',
      is_truncated_output: 'false',
    },
  },
};

/** What Autopack's executor does while and after it runs phases; both engines understand it. */
const autopackChanges: readonly (string | Addition)[] = [
  `UPDATE phases SET state = 'EXECUTING', builder_attempts = builder_attempts + 1, started_at = '2026-11-28 09:00:00.000001',
     updated_at = '2026-11-28 09:00:00.000001'
   WHERE id IN (SELECT min(id) FROM phases WHERE state IN ('QUEUED', 'FAILED') GROUP BY run_id)`,
  llmCall,
  sample,
  `UPDATE phases SET state = 'COMPLETE', tokens_used = 900, completed_at = '2026-11-28 09:00:02.000000' WHERE state = 'EXECUTING'`,
  `UPDATE token_estimation_v2_events SET actual_output_tokens = actual_output_tokens + 1000, underestimated = true
   WHERE event_id = (SELECT min(event_id) FROM token_estimation_v2_events)`,
  `DELETE FROM token_estimation_v2_events WHERE event_id IN (SELECT max(event_id) - 1 FROM token_estimation_v2_events)`,
  `DELETE FROM phases WHERE id = (SELECT min(id) FROM phases WHERE state = 'QUEUED')`,
  `UPDATE runs SET state = 'DONE_FAILED_REQUIRES_HUMAN_REVIEW', failure_reason = 'phase failed:\n\\ 100 % "über"'
   WHERE id = (SELECT max(id) FROM runs)`,
];

function statementOf(change: string | Addition, file: DatabaseSync): string {
  if (typeof change === 'string') return change;
  const { table, columns } = change;
  const present = file
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => String(name));
  const given = Object.entries(columns).filter(([name]) => present.includes(name));
  return `INSERT INTO ${table} (${given.map(([name]) => name).join(', ')})
    SELECT ${given.map(([, value]) => value).join(', ')} FROM phases WHERE state = 'EXECUTING' ORDER BY id`;
}

/** What shows each change; all else is asked when all were made. */
const quickly: readonly ReaderRequestName[] = [
  ...([
    'listRuns',
    'runDetail',
    'listPhases',
    'failures',
    'eventCounts',
    'telemetryEvents',
    'phaseOutcome',
  ] as const),
  'drainCandidates',
];

describe('the same answers of SQLite and PostgreSQL', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
  after(() => reader.dispose());

  for (const version of ['newest', 15] as const) {
    describe(`version ${version}`, () => {
      const server = postgresServer({ version });

      /** Loads a database and compares all answers, then again after each change to both. */
      async function compare(
        path: string,
        { changes = [], ...options }: LoadOptions & { changes?: readonly (string | Addition)[] } = {},
      ): Promise<void> {
        const file = canonicalCopy(path, join(folder(), 'canonical.db'));
        const name = await loadIntoPostgres(
          server(),
          `same answers ${randomUUID().slice(0, 8)}`,
          file,
          options,
        );
        const database = parsePostgresUrl(server().url(name, 'superuser'), { user: '' }).location.path;
        assert.ok((await assertSameAnswers(reader, file, database)) > 40);
        for (const change of changes) {
          const local = new DatabaseSync(file);
          const statement = statementOf(change, local);
          local.exec(statement);
          local.close();
          await server().query(name, statement);
          if (version === 'newest') await assertSameAnswers(reader, file, database, quickly);
        }
        if (changes.length > 0) await assertSameAnswers(reader, file, database);
        await server().dropDatabase(name);
      }

      it('a backlog, and what Autopack does to it', async () => {
        const [source] = databaseSources('backlog');
        assert.ok(source !== undefined);
        await compare(source.path, { changes: autopackChanges });
      });

      if (version === 15) return;

      for (const source of databaseSources()) {
        it(source.name, () => compare(source.path));
      }
      it('times with a zone', async () => {
        const path = join(folder(), 'backlog.db');
        createBacklog(path);
        await compare(path, { hasZones: true });
      });

      it('a seeded database with telemetry, and what Autopack does to it', async () => {
        const path = join(folder(), 'seed.db');
        const writer = new DatabaseWriter();
        await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
        await seedDatabase(writer, path, { now: Date.UTC(2026, 10, 20) });
        addTelemetry(path, simulateSamples({ kinds: seededKinds, phases: 40 }));
        const file = new DatabaseSync(path);
        // Times that the generator does not give are 0.
        for (const table of ['runs', 'phases', 'token_estimation_v2_events'])
          file.exec(`UPDATE ${table} SET created_at = '2026-01-05 10:00:00' WHERE created_at = 0`);
        for (const table of ['runs', 'phases'])
          file.exec(`UPDATE ${table} SET updated_at = created_at WHERE updated_at = 0`);
        file.exec(ourTablesGone);
        file.close();
        await compare(path, { changes: autopackChanges });
      });

      it('values that nobody expects', async () => {
        const path = join(folder(), 'odd.db');
        createBacklog(path);
        const file = new DatabaseSync(path);
        file.exec(oddValues);
        file.close();
        await compare(path);
      });

      it('a database without a row, and one of somebody else', async () => {
        const path = join(folder(), 'empty.db');
        await initDatabase(new DatabaseWriter(), path, {
          id: randomUUID(),
          role: 'seed',
          createdAt: Date.now(),
        });
        const empty = new DatabaseSync(path);
        empty.exec(ourTablesGone);
        empty.close();
        await compare(path);
        const foreign = new DatabaseSync(join(folder(), 'foreign.db'));
        foreign.exec(
          `CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.com')`,
        );
        foreign.close();
        await compare(join(folder(), 'foreign.db'));
      });
    });
  }
});

/** The server keeps these elsewhere, and is not given them here. */
const ourTablesGone =
  'DROP TABLE autopack_hygiene_identity; DROP TABLE IF EXISTS autopack_hygiene_journal; DROP TABLE IF EXISTS autopack_hygiene_approvals';

const oddValues = `
  UPDATE phases SET state = 'queued' WHERE id = 5;
  UPDATE phases SET state = 'Waiting for Godot', updated_at = 'yesterday' WHERE id = 4;
  UPDATE phases SET name = 'tab\there, line\nthere, back\\slash, \\N, ''quoted'', "twice" and 🦆', description = '' WHERE id = 1;
  UPDATE phases SET scope = '{"paths": [' WHERE id = 2;
  UPDATE phases SET tokens_used = 5000000000, builder_attempts = NULL, last_failure_reason = printf('%.*c', 100000, 'x') WHERE id = 3;
  UPDATE phases SET phase_index = NULL, name = NULL, run_id = 'gone' WHERE id = 6;
  UPDATE runs SET state = NULL, created_at = '2025-12-20T08:00:00+02:00' WHERE id = 'build-1';
  UPDATE runs SET id = 'a/b "c" %41', token_cap = -1 WHERE id = '书店-3';
  INSERT INTO runs (id) VALUES ('');
  INSERT INTO phases (run_id, phase_id) VALUES (NULL, NULL), ('', ' '), ('build-1', 'PARSER')`;
