import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { UserFacingError } from '../../../src/core/errors.ts';
import type { DatabaseReader } from '../../../src/protocol/readerProtocol.ts';
import { suiteReader } from '../guard/guardWorld.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Of the files that are made to lie, in bytes. */
export const pageSize = 1024;

/** What a reader may say of a file that lies; never an internal error. */
const allowed = ['corrupt', 'unsupported', 'too-large', 'unreadable', 'not-sqlite'];

/** Makes a database whose events have overflow pages. */
export function makePages(path: string, rows = 300, pragma = `PRAGMA page_size = ${pageSize}`): void {
  const database = new DatabaseSync(path);
  database.exec(`${pragma}; BEGIN;
    CREATE TABLE runs (id TEXT, state TEXT, created_at TEXT); INSERT INTO runs VALUES ('r', 'DONE_SUCCESS', '2026-01-01');
    CREATE TABLE phases (run_id TEXT, phase_id TEXT, state TEXT, phase_index INT); INSERT INTO phases VALUES ('r', 'p', 'QUEUED', 0);
    CREATE TABLE token_estimation_v2_events (pad TEXT, run_id TEXT, phase_id TEXT, predicted_output_tokens INT, actual_output_tokens INT, model TEXT)`);
  const insert = database.prepare(
    "INSERT INTO token_estimation_v2_events VALUES (?, 'r', 'p', 500, 700, 'm')",
  );
  for (let row = 0; row < rows; row++) insert.run('x'.repeat(3000));
  database.exec('COMMIT');
  database.close();
}

/** Reads as every view does, and tells what was said: what is thrown is for a person. */
export async function readPages(reader: DatabaseReader, path: string): Promise<string[]> {
  const questions = [
    () => reader.request(path, 'telemetrySamples', { withDetails: true }),
    () => reader.request(path, 'identity', null),
    () => reader.request(path, 'listRuns', null),
    () => reader.request(path, 'drainCandidates', { kind: 'all' }),
    () => reader.request(path, 'backupContent', null),
  ];
  const said: string[] = [];
  for (const ask of questions) {
    const error: unknown = await ask().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error === null) continue;
    if (!(error instanceof UserFacingError)) throw new Error('not for a person', { cause: error });
    assert.ok(allowed.includes(error.code), `${error.code}: ${error.message}`);
    said.push(error.message);
  }
  return said;
}

/** A sound file in each of the forms that pages can have. */
const forms: readonly (readonly [name: string, pragma: string])[] = [
  ['small pages', `PRAGMA page_size = ${pageSize}`],
  ['the smallest pages', 'PRAGMA page_size = 512'],
  ['the largest pages', 'PRAGMA page_size = 65536'],
  ['a map of pointers', `PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = FULL`],
  ['UTF-16', `PRAGMA page_size = ${pageSize}; PRAGMA encoding = 'UTF-16le'`],
];

/** Bytes of a sound file changed at random, `runs` times for each form: it is read, or found out, and nothing else. */
export function pageFuzzTests(runs: number): void {
  const folder = temporaryFolder();
  const reader = suiteReader();

  for (const [name, pragma] of forms) {
    it(`with ${name} are read or found out, whatever bytes are changed`, async () => {
      const path = join(folder(), 'whole.db');
      makePages(path, 30, pragma);
      const whole = await readFile(path);
      const declared = whole.readUInt16BE(16);
      const size = declared === 1 ? 65_536 : declared;
      const anywhere = fc.nat(whole.length - 1);
      // Most bytes are text, of which little depends: headers, cell pointers and links stand at the beginning of pages.
      const early = fc
        .tuple(fc.nat(whole.length / size - 1), fc.nat(24))
        .map(([page, at]) => page * size + (page === 0 ? 100 : 0) + at);
      const change = fc.record({
        at: fc.oneof(anywhere, early, fc.nat(99)),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
      });
      const lying = join(folder(), 'lying.db');
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
          const bytes = Buffer.from(whole);
          for (const { at, bytes: others } of changes) bytes.set(others.slice(0, whole.length - at), at);
          await writeFile(lying, bytes);
          await readPages(reader(), lying);
        }),
        { numRuns: runs },
      );
    });
  }
}
