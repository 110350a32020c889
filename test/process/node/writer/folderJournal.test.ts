import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JournalEntry } from '../../../../src/core/identity/journalEntry.ts';
import { journalReport } from '../../../../src/core/identity/journalReport.ts';
import { FolderJournal } from '../../../../src/node/writer/folderJournal.ts';
import { WriterClient } from '../../../../src/node/writer/writerClient.ts';
import { failPhaseOperation } from '../../../../src/core/maintenance/failPhase.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { writerUrl } from '../../../support/databaseReader.ts';
import { changePhase } from '../../../support/guard/changePhase.ts';
import { firstPhase } from '../../../support/guard/everyChange.ts';
import { entry } from '../../../support/guard/filePlaces.ts';
import { GuardWorld, meddle, suiteReader } from '../../../support/guard/guardWorld.ts';
import { journalIn } from '../../../support/journalIn.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

describe('the journal of a folder', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const reader = suiteReader();
  const file = (): string => join(folder(), '.autopack-hygiene', 'journal.jsonl');
  /** Who knows of the changes of a database, the last first. */
  const knownTo = async (path: string): Promise<string[]> => {
    const { value: inDatabase } = await reader().request(path, 'databaseChanges', { limit: 100 });
    const { entries } = await new FolderJournal(folder()).read();
    return journalReport(inDatabase, entries, 100).changes.map((each) => each.knownTo);
  };
  const serials = async (): Promise<number[]> =>
    (await new FolderJournal(folder()).read()).entries.map(({ serial }) => serial);
  const change = (serial: number): JournalEntry => ({
    ...entry,
    serial,
    before: serial - 1,
    mark: `m${serial}`,
    folder: folder(),
  });

  it('is for this user alone, and has a line of each change with who made it', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await changePhase(world, path);
    const { entries } = await new FolderJournal(folder()).read();
    assert.deepEqual(
      entries.map(({ operation, rows }) => [operation, rows]),
      [
        ['init', {}],
        ['seed', { runs: 1, tiers: 1, phases: 10 }],
        ['fail-phase', { phases: 1 }],
      ],
    );
    assert.equal(entries[1]?.author.pid, process.pid);
    if (process.platform !== 'win32') assert.equal((await stat(file())).mode & 0o777, 0o600);
  });

  it('gets the line of a program that was killed between its commit and its line with the next change', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    await changePhase(world, path);
    await changePhase(world, path);
    // As after a kill: the two last changes are committed, and of the last line only a part is there.
    const lines = (await readFile(file(), 'utf8')).split('\n');
    await writeFile(file(), `${lines.slice(0, 2).join('\n')}\n${lines[2]?.slice(0, 200) ?? ''}`);
    assert.deepEqual(await knownTo(path), ['database', 'database', 'both', 'both']);
    await changePhase(world, path);
    const { entries, unreadable } = await new FolderJournal(folder()).read();
    assert.deepEqual(
      entries.map(({ serial }) => serial),
      [1, 2, 3, 4, 5],
    );
    assert.equal(unreadable, 1, 'what was cut off stays, and is no line');
    assert.deepEqual(await knownTo(path), ['both', 'both', 'both', 'both', 'both']);
  });

  it('gets no line from a row that a database made up about another one, or that is too long', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    const copy = `INSERT INTO autopack_hygiene_journal SELECT 90, 'planted', made_at, operation, 'another', details
      FROM autopack_hygiene_journal WHERE serial = 2`;
    const long = `INSERT INTO autopack_hygiene_journal SELECT 91, 'long', made_at, operation, database_id,
      json_set(details, '$.path', hex(zeroblob(50000))) FROM autopack_hygiene_journal WHERE serial = 2`;
    meddle(path, copy);
    await changePhase(world, path);
    assert.deepEqual(await serials(), [1, 2, 91]);
    meddle(path, long.replace('91', '92'));
    await changePhase(world, path);
    assert.deepEqual(await serials(), [1, 2, 91, 93]);
  });

  it('keeps every line of programs that write at once', async () => {
    const module = new URL('../../../../src/node/writer/folderJournal.ts', import.meta.url).href;
    const script = `
      const { FolderJournal } = await import(${JSON.stringify(module)});
      const [folder, first, entry] = process.argv.slice(1);
      for (let at = 0; at < 100; at++) {
        const serial = Number(first) + at;
        await new FolderJournal(folder).add({ ...JSON.parse(entry), serial, mark: 'm' + serial }, () => []);
      }`;
    const write = (first: number): Promise<unknown> =>
      promisify(execFile)(process.execPath, [
        ...['--input-type=module', '--eval', script, folder(), String(first), JSON.stringify(change(1))],
      ]);
    await Promise.all([write(1), write(1001), write(2001)]);
    const { entries, unreadable } = await new FolderJournal(folder()).read();
    assert.equal(unreadable, 0);
    assert.equal(new Set(entries.map(({ serial }) => serial)).size, 300);
  });

  it('is put aside where it grew long, read from all its files, and bounded', async () => {
    const journal = new FolderJournal(folder());
    await journal.add(change(1), () => []);
    for (let round = 0; round < 5; round++) {
      await appendFile(file(), `${' '.repeat(1 << 20)}\n`);
      await journal.add(change(2 + round), () => []);
    }
    assert.deepEqual(await serials(), [4, 5, 6]);
    await journal.add(change(7), () => []);
    assert.deepEqual(await serials(), [4, 5, 6, 7]);
  });

  for (const [what, spoil] of [
    ['may not be written', async (own: string) => chmod(own, 0o500)],
    ['is a file', async (own: string) => rm(own, { recursive: true }).then(() => writeFile(own, ''))],
  ] as const) {
    it(`keeps no change from being made where its folder ${what}, and says so`, async () => {
      const world = new GuardWorld(folder(), reader());
      const path = await world.make('seed.db');
      const own = join(folder(), '.autopack-hygiene');
      await chmod(folder(), 0o777);
      await chmod(path, 0o666);
      await spoil(own);
      const problems: string[] = [];
      const journal = { ...journalIn(folder()), onProblem: (message: string) => problems.push(message) };
      const writer = new WriterClient({ processUrl: writerUrl, journal });
      const params = { key: firstPhase, reason: 'x', from: 'QUEUED', now: Date.now() } as const;
      const isMade = await asOrdinaryUser(() => writer.perform(path, failPhaseOperation, params));
      assert.equal(isMade, true);
      assert.equal(problems.length, 1);
      assert.match(
        problems[0] ?? '',
        /seed\.db was made, but could not be written into this folder’s journal/,
      );
    });
  }

  it('keeps no change from being made where the disk is full, and has the line later', async function () {
    const disk = smallDisk(this, join(folder(), 'disk'), 64);
    const place = join(folder(), 'disk');
    try {
      const world = new GuardWorld(folder(), reader());
      const path = await world.make('seed.db');
      await mkdir(join(place, '.autopack-hygiene'));
      await writeFile(join(place, 'filler'), Buffer.alloc(64 << 10)).catch(() => undefined);
      const problems: string[] = [];
      const journal = { ...journalIn(place), onProblem: (message: string) => problems.push(message) };
      const writer = new WriterClient({ processUrl: writerUrl, journal });
      const params = { key: firstPhase, reason: 'x', from: 'QUEUED', now: Date.now() } as const;
      assert.equal(await writer.perform(path, failPhaseOperation, params), true);
      assert.match(problems[0] ?? '', /no space left/);
      await rm(join(place, 'filler'));
      await writer.perform(path, failPhaseOperation, {
        ...params,
        key: { ...firstPhase, phaseId: 'telemetry-p2-number-util' },
      });
      const { entries } = await new FolderJournal(place).read();
      assert.deepEqual(
        entries.map(({ serial }) => serial),
        [3, 4],
      );
    } finally {
      disk.unmount();
    }
  });

  it('is not needed by a database, which keeps 500 changes and count on', async () => {
    const world = new GuardWorld(folder(), reader());
    const path = await world.make('seed.db');
    meddle(
      path,
      `WITH RECURSIVE n (value) AS (SELECT 3 UNION ALL SELECT value + 1 FROM n WHERE value < 700)
       INSERT INTO autopack_hygiene_journal SELECT value, 'm' || value, made_at, operation, database_id, details
       FROM n, autopack_hygiene_journal WHERE serial = 2`,
    );
    await changePhase(world, path);
    const { entries: changes } = (await reader().request(path, 'databaseChanges', { limit: 1000 })).value;
    assert.equal(changes.length, 500);
    assert.equal(changes[0]?.serial, 701);
  });
});
