import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from '../temporaryFolder.ts';
import { createLedger, journalModes, wholeLedger } from './ledger.ts';
import { assertSameAnswer, nativeAnswer, ourAnswer } from './nativeAnswer.ts';
import { canRun, startWriter, writers } from './startWriter.ts';

/** Kills a writer at a random moment, and holds our answer against SQLite's own after its recovery. */
export function killedWriterTests(killsPerMode: number): void {
  const folder = temporaryFolder();

  for (const mode of journalModes) {
    it(`${killsPerMode} writers killed, ${mode}`, async function () {
      this.timeout(30_000 + killsPerMode * 3000);
      const path = join(folder(), 'ledger.db');
      const able = writers.filter(canRun);
      for (let kill = 0; kill < killsPerMode; kill++) {
        for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, { force: true });
        createLedger(path, mode);
        const writer = able[kill % able.length] ?? 'node:sqlite';
        const running = await startWriter(writer, path, mode, ['OFF', 'NORMAL', 'FULL'][kill % 3]);
        await wait(Math.random() * 40);
        await running.kill();
        const ours = await ourAnswer(path, wholeLedger);
        assert.ok('text' in ours, JSON.stringify(ours));
        assertSameAnswer(ours, nativeAnswer(path, wholeLedger));
      }
    });
  }
}
