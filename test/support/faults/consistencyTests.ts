import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFacingError } from '../../../src/core/errors.ts';
import type { QueryContext } from '../../../src/core/db/scan/queryContext.ts';
import { openSnapshots, testEngine } from '../openSnapshots.ts';
import { skipBecause } from '../skipBecause.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { brokenInvariants, createLedger, journalModes } from './ledger.ts';
import { canRun, startWriter, writers } from './startWriter.ts';

/** Fewer states seen would mean that the writer did pause. */
const differentStates = 20;

/** Reads a ledger over and over while another program commits to it without pause, and holds each answer against its invariant. */
export function consistencyTests(snapshotsPerMode: number): void {
  const folder = temporaryFolder();
  const snapshots = Math.ceil(snapshotsPerMode / writers.length);

  for (const mode of journalModes) {
    for (const writer of writers) {
      it(`${snapshots} snapshots beside ${writer}, ${mode}`, async function () {
        this.timeout(60_000 + snapshots * 500);
        if (!canRun(writer)) skipBecause(this, `${writer} is not at hand`);
        const path = join(folder(), 'ledger.db');
        createLedger(path, mode);
        const running = await startWriter(writer, path, mode);
        const reader = await openSnapshots(path);
        try {
          const states = new Set<string>();
          let busy = 0;
          for (let done = 0; done < snapshots || states.size < differentStates;) {
            try {
              const { value, version } = await reader.read({ key: 'broken', run: broken });
              assert.deepEqual(value, []);
              states.add(version.token);
              done++;
            } catch (error) {
              // An honest answer too, as long as it stays the exception.
              if (
                !(error instanceof UserFacingError && error.code === 'busy') ||
                ++busy > 10 + snapshots / 10
              )
                throw error;
            }
            await wait(1);
          }
        } finally {
          await running.kill();
          reader.close();
        }
      });
    }

    it(`a reader that only loads the main file breaks, ${mode}`, async function () {
      this.timeout(60_000);
      const path = join(folder(), 'ledger.db');
      createLedger(path, mode);
      const running = await startWriter('node:sqlite', path, mode);
      try {
        const engine = await testEngine();
        const failures = [];
        const end = Date.now() + 40_000;
        while (failures.length === 0 && Date.now() < end) {
          await wait(1);
          const bytes = readFileSync(path);
          bytes[18] = bytes[19] = 1;
          try {
            const db = engine.open({ byteLength: bytes.length, read: (at, n) => bytes.subarray(at, at + n) });
            try {
              failures.push(...brokenInvariants.flatMap((sql) => db.all(sql)));
            } finally {
              db.close();
            }
          } catch (error) {
            failures.push(error);
          }
        }
        assert.notDeepEqual(failures, []);
      } finally {
        await running.kill();
      }
    });
  }
}

function broken({ db }: QueryContext): unknown[] {
  return brokenInvariants.flatMap((sql) => db.all(sql));
}
