import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds, type CommandName } from '../../src/editor/ids.ts';
import { queryDatabase } from '../support/queryDatabase.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { waitFor } from './support/waitFor.ts';

const runId = 'telemetry-collection-v4';
/** Gives way to a run of the usual id. */
const renamed = `PRAGMA foreign_keys = OFF; UPDATE runs SET id = 'other'; UPDATE phases SET run_id = 'other'; UPDATE tiers SET run_id = 'other'`;
const onePhaseSkipped = "UPDATE phases SET state = 'SKIPPED' WHERE rowid = (SELECT min(rowid) FROM phases)";
const files = ['a.db', 'b.db', 'c.db'];

/** A command that asks before it writes, and the buttons that lead to the write. */
interface AskingCommand {
  readonly name: string;
  readonly prepare?: string;
  readonly command: CommandName;
  readonly args?: readonly unknown[];
  /** The last is the one that writes. */
  readonly press: readonly (string | RegExp)[];
}

const asking: readonly AskingCommand[] = [
  { name: 'a drain', command: 'drain', press: [/^Drain 10 Phases$/] },
  { name: 'a drain of a run', command: 'drainRun', args: [{ runId }], press: [/^Drain 10 Phases$/] },
  {
    name: 'a re-queue',
    prepare: "UPDATE phases SET state = 'FAILED'",
    command: 'requeueRun',
    args: [{ runId }],
    press: ['Re-queue 10 Phases'],
  },
  { name: 'a deletion', command: 'deleteRun', args: [{ runId }], press: ['Delete Run'] },
  {
    name: 'an adoption',
    prepare: 'DROP TABLE autopack_hygiene_identity',
    command: 'adoptDatabase',
    press: [/^Adopt as/],
  },
  { name: 'a targeted run', command: 'seedMore', press: ['Seed'] },
  {
    name: 'a telemetry run',
    prepare: renamed,
    command: 'seedRun',
    press: ['Seed'],
  },
  {
    name: 'a run in a backlog',
    prepare: `${renamed}; UPDATE autopack_hygiene_identity SET role = 'legacy'`,
    command: 'seedRun',
    press: ['Seed Anyway'],
  },
];

/** Everything that any of the commands would change, read by SQLite itself. */
const contentOf = (path: string): unknown => [
  queryDatabase(path, 'SELECT name FROM sqlite_master ORDER BY name'),
  queryDatabase(path, 'SELECT id, state FROM runs ORDER BY id'),
  queryDatabase(path, 'SELECT run_id, phase_id, state FROM phases ORDER BY rowid'),
];

describe('an offer to write', function () {
  this.timeout(60_000);
  let api: TestAccess;
  let dialogs: Dialogs;
  let a: string;
  let b: string;

  before(async () => {
    api = await extensionUnderTest();
  });

  beforeEach(async () => {
    dialogs = new Dialogs();
    a = await seedDatabaseInWorkspace('a.db');
    b = await seedDatabaseInWorkspace('b.db');
  });

  afterEach(async () => {
    dialogs.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of [...files, 'examples', '.autonomous_runs', '.autopack-hygiene'])
      await rm(inWorkspace(name), { recursive: true, force: true });
  });

  const run = (command: CommandName, ...args: readonly unknown[]): Thenable<unknown> =>
    vscode.commands.executeCommand(commandIds[command], ...args);
  const told = (words: RegExp): void =>
    assert.ok(dialogs.find(words), `${String(words)} in\n${JSON.stringify(dialogs.asked, null, 1)}`);

  const meanwhiles: readonly {
    readonly what: string;
    readonly happens: () => Promise<unknown>;
    readonly says: RegExp;
  }[] = [
    {
      what: 'another database is selected',
      happens: () => api.selected.select(b),
      says: /" no longer applies: b\.db is selected now\. Nothing was changed\./,
    },
    {
      what: 'its counts change',
      happens: () => {
        commit(a, onePhaseSkipped);
        return Promise.resolve();
      },
      says: /" no longer applies: the phases of a\.db changed: .* before, .*1 skipped now\. Nothing/,
    },
    {
      what: 'another file takes its place',
      happens: async () => rename(await seedDatabaseInWorkspace('c.db'), a),
      says: /" no longer applies: a\.db has another identity now/,
    },
  ];

  for (const { name, prepare, command, args = [], press } of asking) {
    for (const { what, happens, says } of meanwhiles) {
      it(`of ${name} is void when ${what}`, async () => {
        if (prepare !== undefined) commit(a, prepare);
        await api.selected.select(a);
        let before: unknown;
        dialogs.press(...press);
        dialogs.meanwhile = async () => {
          await happens();
          before = [contentOf(a), contentOf(b)];
        };
        await run(command, ...args);
        told(says);
        assert.deepEqual([contentOf(a), contentOf(b)], before, 'nothing was written');
      });
    }
  }

  const toasts: readonly (AskingCommand & { readonly toast: RegExp })[] = [
    {
      name: 'to drain the run that was seeded',
      prepare: renamed,
      command: 'seedRun',
      press: ['Seed', 'Drain Run'],
      toast: /^Seeded the run/,
    },
    {
      name: 'to go back to before a re-queue',
      prepare: "UPDATE phases SET state = 'FAILED'",
      command: 'requeueRun',
      args: [{ runId }],
      press: ['Re-queue 10 Phases', 'Restore Backup'],
      toast: /^Re-queued 10 phases/,
    },
    {
      name: 'to go back to before a deletion',
      command: 'deleteRun',
      prepare:
        "CREATE TEMP TABLE one AS SELECT * FROM runs; UPDATE one SET id = 'kept'; INSERT INTO runs SELECT * FROM one",
      args: [{ runId: 'kept' }],
      press: ['Delete Run', 'Restore Backup'],
      toast: /^Deleted the run/,
    },
    {
      name: 'to drain what was checked',
      command: 'checkIdentity',
      press: ['Drain…'],
      toast: /^a\.db is a telemetry seed database/,
    },
  ];
  for (const { name, prepare, command, args = [], press, toast } of toasts) {
    it(`in a notification ${name} is void once another database is selected or the counts change`, async () => {
      for (const { happens, says } of meanwhiles.slice(0, 2)) {
        await rm(a);
        await seedDatabaseInWorkspace('a.db');
        await rm(inWorkspace('.autopack-hygiene'), { recursive: true, force: true });
        if (prepare !== undefined) commit(a, prepare);
        await api.selected.select(a);
        let before: unknown;
        dialogs.press(...press);
        dialogs.meanwhile = async ({ message }) => {
          if (!toast.test(message)) return;
          await happens();
          before = [contentOf(a), contentOf(b)];
        };
        dialogs.asked.length = 0;
        await run(command, ...args);
        await waitFor(() => dialogs.find(says) !== undefined);
        told(says);
        assert.deepEqual([contentOf(a), contentOf(b)], before, 'nothing was written');
      }
    });
  }

  describe('as the plan of a drain', () => {
    /** Opens the plan of a drain of the selected database; resolves with the end of the command. */
    async function openPlan(): Promise<{ readonly ended: Promise<unknown> }> {
      dialogs.press('Show Plan');
      const ended = Promise.resolve(run('drain'));
      await waitFor(() => planText().includes('# Drain plan'));
      return { ended };
    }
    const planText = (): string =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'autopack-plan')?.getText() ?? '';

    it('names database, role and path, and drains what it names', async () => {
      await api.selected.select(a);
      const { ended } = await openPlan();
      assert.match(
        planText(),
        /^# Drain plan: a\\?\.db[^\n]*\n\nDrain 10 phases\? Choose \*\*Drain\*\* or \*\*Cancel\*\*/,
      );
      assert.match(
        planText(),
        /\*\*Database\*\*: a\\?\.db\n- \*\*Role\*\*: telemetry seed\n- \*\*Protection\*\*: Ask\n- \*\*Path\*\*: `.*a\.db`/,
      );
      assert.deepEqual(queryDatabase(a, "SELECT count(*) AS n FROM phases WHERE state = 'QUEUED'"), [
        { n: 10 },
      ]);
      await run('drainAsPlanned');
      await ended;
      assert.deepEqual(queryDatabase(a, "SELECT count(*) AS n FROM phases WHERE state = 'COMPLETE'"), [
        { n: 10 },
      ]);
    });

    it('is given up by Cancel and by closing it', async () => {
      await api.selected.select(a);
      for (const giveUp of [
        () => run('cancelPlan'),
        () => vscode.commands.executeCommand('workbench.action.closeAllEditors'),
      ]) {
        const { ended } = await openPlan();
        await giveUp();
        await ended;
        await run('drainAsPlanned');
        assert.deepEqual(queryDatabase(a, 'SELECT DISTINCT state FROM phases'), [{ state: 'QUEUED' }]);
      }
    });

    for (const { what, happens } of meanwhiles) {
      it(`is withdrawn as soon as ${what}, and says so`, async () => {
        await api.selected.select(a);
        const { ended } = await openPlan();
        await happens();
        const before = [contentOf(a), contentOf(b)];
        // Whether or not the window has noticed: whoever presses Drain now drains nothing.
        await run('drainAsPlanned');
        await ended;
        told(/^The drain plan for a\.db no longer applies: .*Nothing was drained\.$/);
        await waitFor(() => planText().includes('This plan no longer applies'));
        assert.deepEqual([contentOf(a), contentOf(b)], before);
      });
    }
  });
});
