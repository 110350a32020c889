import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { autopackSchemaStatements } from '../../../src/core/db/schema/autopackSchema.ts';
import { UserFacingError } from '../../../src/core/errors.ts';
import { createDatabaseReader } from '../../../src/node/reader/databaseReader.ts';
import type { DatabaseReader } from '../../../src/protocol/readerProtocol.ts';
import { silentLogger, workerUrl } from '../databaseReader.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const journals = ['hot journal', 'WAL'] as const;
/** What a person waits at most for an answer to a damaged file, in ms. */
const mostMs = 2000;
/** What the process may grow by over all of them, in bytes. */
const growth = 400 * 1024 * 1024;

/** Damages main file, journal and WAL at random, and wants an answer or a clear error, soon, and nothing changed on disk. */
export function mutationTests(mutationsPerKind: number): void {
  const folder = temporaryFolder();

  for (const kind of journals) {
    it(`${mutationsPerKind} mutations of a database with a ${kind}`, async function () {
      this.timeout(60_000 + mutationsPerKind * 100);
      const path = join(folder(), 'damaged.db');
      const originals = prepare(path, kind);
      const random = seededRandom(kind.length);
      const reader = createDatabaseReader({ workerUrl, logger: silentLogger });
      const before = process.memoryUsage().rss;
      let errors = 0;
      try {
        for (let i = 0; i < mutationsPerKind; i++) {
          const [name, original] = originals[Math.floor(random() * originals.length)] ?? [
            '',
            Buffer.alloc(0),
          ];
          const damaged = mutate(original, random);
          for (const [other, bytes] of originals)
            writeFileSync(join(folder(), other), other === name ? damaged : bytes);
          errors += await readAll(reader, path, `mutation ${i} of ${name}`);
          assert.deepEqual(readdirSync(folder()).sort(), originals.map(([file]) => file).sort());
          for (const [other, bytes] of originals) {
            assert.ok(
              readFileSync(join(folder(), other)).equals(other === name ? damaged : bytes),
              `${other} was changed`,
            );
          }
        }
      } finally {
        await reader.dispose();
      }
      assert.ok(errors > 0, 'no mutation did any damage');
      assert.ok(process.memoryUsage().rss - before < growth, 'memory grew without bounds');
    });
  }
}

/** Asks what a person would; every question has an answer or an error with a next step, in time. */
async function readAll(reader: DatabaseReader, path: string, what: string): Promise<number> {
  let errors = 0;
  for (const ask of [
    () => reader.request(path, 'listRuns', null),
    () => reader.request(path, 'runDetail', { runId: 'run-3' }),
    () => reader.request(path, 'identity', null),
  ]) {
    const start = Date.now();
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw new Error(`${what}: no clear error`, { cause: error });
      errors++;
    }
    const took = Date.now() - start;
    assert.ok(took < mostMs, `${what}: took ${took} ms`);
  }
  return errors;
}

/** A database with runs and events, caught in the middle of a transaction; the names and bytes of its files. */
function prepare(path: string, kind: (typeof journals)[number]): [string, Buffer][] {
  const live = join(mkdtempSync(join(tmpdir(), 'autopack-hygiene-live-')), 'live.db');
  const database = new DatabaseSync(live, { enableForeignKeyConstraints: false });
  database.exec(`PRAGMA journal_mode = ${kind === 'WAL' ? 'wal' : 'delete'}; PRAGMA cache_size = 8; BEGIN`);
  for (const sql of autopackSchemaStatements()) database.exec(sql);
  fill(database, 1, 40);
  database.exec('COMMIT; BEGIN');
  fill(database, 41, 60);
  if (kind === 'WAL') database.exec('COMMIT; BEGIN; DELETE FROM phases WHERE id % 3 = 0');
  const files: [string, Buffer][] = [];
  for (const suffix of ['', '-journal', '-wal']) {
    if (!existsSync(live + suffix)) continue;
    copyFileSync(live + suffix, path + suffix);
    files.push([`damaged.db${suffix}`, readFileSync(live + suffix)]);
  }
  database.exec('ROLLBACK');
  database.close();
  rmSync(dirname(live), { recursive: true });
  return files;
}

function fill(database: DatabaseSync, from: number, to: number): void {
  database.exec(`WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})
    INSERT INTO runs (id, state, created_at, updated_at, safety_profile, run_scope, token_cap, max_phases, max_duration_minutes,
      tokens_used, ci_runs_used, minor_issues_count, major_issues_count, promotion_eligible_to_main, goal_anchor)
    SELECT 'run-' || i, 'QUEUED', '2025-01-01 00:00:00', '2025-01-01', 'n', 'm', 1, 1, 1, 0, 0, 0, 0, 'x', hex(zeroblob(i * 40)) FROM n`);
  database.exec(`INSERT INTO phases (phase_id, run_id, tier_id, phase_index, name, state, builder_attempts, auditor_attempts,
      tokens_used, minor_issues_count, major_issues_count, issue_state, quality_blocked, retry_attempt, revision_epoch,
      escalation_level, created_at, updated_at, scope)
    SELECT 'phase-' || n.value, runs.id, 1, n.value, 'Phase', 'QUEUED', 0, 0, 0, 0, 0, 'x', 0, 0, 0, 0, created_at, updated_at, '{}'
    FROM runs, json_each('[1,2,3,4,5,6]') AS n WHERE runs.rowid BETWEEN ${from} AND ${to}`);
}

function mutate(original: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const bytes = Buffer.from(original);
  switch (below(6)) {
    case 0:
      return bytes.subarray(0, below(bytes.length + 1));
    case 1: {
      const from = below(bytes.length);
      const length = below(Math.min(5000, bytes.length));
      bytes.copy(bytes, below(bytes.length), from, from + length);
      return bytes;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, below(bytes.length)), bytes.subarray(below(bytes.length))]);
    case 3:
      bytes.fill(below(256), below(bytes.length), below(bytes.length));
      return bytes;
    default: {
      // Headers are where a flipped bit does most.
      const end = random() < 0.5 ? Math.min(bytes.length, 300) : bytes.length;
      for (let i = 1 + below(8); i > 0; i--) {
        const at = below(end);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      }
      return bytes;
    }
  }
}

/** Mulberry32, so that a failure can be had again. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
