import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { Backups } from '../../src/node/maintenance/backups.ts';
import { queryDatabase } from '../support/queryDatabase.ts';
import { copyIntoWorkspace, databasesToTest, seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

const states = (path: string): unknown =>
  queryDatabase(path, 'SELECT state, count(*) AS n FROM phases GROUP BY state').map(({ state, n }) => [
    state,
    n,
  ]);

describe('seeding and draining from the editor', () => {
  let api: TestAccess;
  let dialogs: Dialogs;

  before(async () => {
    api = await extensionUnderTest();
  });

  beforeEach(() => {
    dialogs = new Dialogs();
  });

  afterEach(async () => {
    dialogs.dispose();
    for (const made of ['fresh.db', 'drained.db', 'examples', '.autonomous_runs', '.autopack-hygiene']) {
      await rm(inWorkspace(made), { recursive: true, force: true });
    }
  });

  it('creates, seeds and drains a database to ten complete phases with their telemetry', async function () {
    this.timeout(120_000);
    const path = inWorkspace('fresh.db');
    dialogs.saveTo = path;
    dialogs.press('Select and Seed', 'Drain Run', /^Drain 10 Phases$/);
    await vscode.commands.executeCommand(commandIds.createSeedDatabase);
    assert.deepEqual(states(path), [['COMPLETE', 10]]);
    assert.deepEqual(queryDatabase(path, 'SELECT count(*) AS n FROM token_estimation_v2_events'), [
      { n: 10 },
    ]);
    assert.ok(existsSync(inWorkspace('examples', 'telemetry_utils', 'string_helper.py')));

    // Whoever said so just now, of a database that nobody else knows yet, is not asked again.
    assert.equal(dialogs.find(/^Seed the run/), undefined);
    const draining = dialogs.find(/^Drain 10 phases of the run telemetry-collection-v4\?/);
    assert.match(draining?.detail ?? '', /fresh\.db \(telemetry seed\)/);
    assert.match(draining?.detail ?? '', /Executor: example/);
    const summary = dialogs.find(/^10 phases drained in/);
    assert.match(summary?.message ?? '', /10 complete; 10 samples/);
    assert.ok(summary?.buttons.includes('Analyze Telemetry'));
    const { state } = api.selected;
    assert.deepEqual(state.kind === 'ready' && state.facts.phaseStates, { COMPLETE: 10 });
  });

  it('drains one phase from its row', async function () {
    this.timeout(60_000);
    const path = await seedDatabaseInWorkspace('drained.db');
    await api.selected.select(path);
    dialogs.press(/^Drain 1 Phase$/);
    await vscode.commands.executeCommand(commandIds.drainPhase, {
      runId: 'telemetry-collection-v4',
      phaseId: 'telemetry-p1-string-util',
    });
    assert.deepEqual(states(path), [
      ['COMPLETE', 1],
      ['QUEUED', 9],
    ]);
  });

  it('changes nothing when the person does not say yes', async () => {
    const path = await seedDatabaseInWorkspace('drained.db');
    const before = await readFile(path);
    await api.selected.select(path);
    await vscode.commands.executeCommand(commandIds.drain);
    assert.ok(dialogs.find(/^Drain 10 phases\?/));
    await vscode.commands.executeCommand(commandIds.seedRun);
    assert.deepEqual(await readFile(path), before);
  });

  it('never touches an existing file', async () => {
    const path = inWorkspace('fresh.db');
    await writeFile(path, 'mine');
    dialogs.saveTo = path;
    await vscode.commands.executeCommand(commandIds.createSeedDatabase);
    assert.equal(await readFile(path, 'utf8'), 'mine');
    assert.ok(dialogs.find(/exists/), JSON.stringify(dialogs.asked));
  });

  for (const source of databasesToTest('backlog')) {
    describe(`beside a backlog (${source.name})`, () => {
      it('writes into no database without an identity, and gives it none unasked', async () => {
        const path = copyIntoWorkspace(source);
        const before = await readFile(path);
        await api.selected.select(path);
        await vscode.commands.executeCommand(commandIds.drain);
        const asked = dialogs.asked.pop();
        assert.equal(asked?.message, `Adopt ${source.name}?`);
        assert.deepEqual(asked.buttons, ['Adopt as Legacy Backlog']);
        assert.deepEqual(await readFile(path), before);
        await rm(path);
      });

      it('says that a backlog is the wrong database before it asks to adopt it', async () => {
        const path = copyIntoWorkspace(source);
        const before = await readFile(path);
        await api.selected.select(path);
        await vscode.commands.executeCommand(commandIds.seedRun);
        assert.deepEqual(dialogs.asked.pop()?.buttons, ['Create a Seed Database', 'Seed Anyway']);
        await vscode.commands.executeCommand(commandIds.seedMore);
        assert.match(
          dialogs.asked.pop()?.message ?? '',
          /is a legacy backlog.* Select a telemetry seed database/,
        );
        assert.deepEqual(dialogs.asked, []);
        assert.deepEqual(await readFile(path), before);
        await rm(path);
      });

      it('leads from a backlog to a seed database of its own', async () => {
        const path = copyIntoWorkspace(source);
        const created = inWorkspace('instead.db');
        await api.selected.select(path);
        dialogs.saveTo = created;
        dialogs.press('Create a Seed Database');
        await vscode.commands.executeCommand(commandIds.seedRun);
        assert.ok(
          dialogs.find(/^Created the telemetry seed database instead\.db/),
          JSON.stringify(dialogs.asked),
        );
        assert.deepEqual(queryDatabase(created, 'SELECT count(*) AS n FROM runs'), [{ n: 0 }]);
        await Promise.all([rm(path), rm(created)]);
      });

      it('seeds a backlog when told to, once it is adopted after a backup', async () => {
        const path = copyIntoWorkspace(source);
        const [{ n: before } = {}] = queryDatabase(path, 'SELECT count(*) AS n FROM runs');
        await api.selected.select(path);
        dialogs.press('Seed Anyway', 'Adopt as Legacy Backlog');
        // Once it is adopted, a backlog is protected by its name.
        dialogs.typed = basename(path);
        await vscode.commands.executeCommand(commandIds.seedRun);
        assert.match(dialogs.find(/^Adopted/)?.message ?? JSON.stringify(dialogs.asked), /Backup saved\.$/);
        const [backup] = await new Backups(dirname(path)).list(path);
        assert.deepEqual(queryDatabase(backup?.path ?? '', 'SELECT count(*) AS n FROM runs'), [
          { n: before },
        ]);
        assert.deepEqual(queryDatabase(path, 'SELECT count(*) AS n FROM runs'), [{ n: Number(before) + 1 }]);
        const { state } = api.selected;
        assert.equal(state.kind === 'ready' && state.facts.roleSource, 'identity-table');
        await rm(path);
      });
    });
  }

  it('says what to do where nothing can be drained', async () => {
    await api.selected.select(await seedDatabaseInWorkspace('drained.db', { seeded: false }));
    await vscode.commands.executeCommand(commandIds.drain);
    assert.ok(dialogs.find(/Nothing can be drained/), JSON.stringify(dialogs.asked));
  });
});
