import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as vscode from 'vscode';
import type { DrainsTreeNode } from '../../src/editor/drains/drainsTree.ts';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds } from '../../src/editor/ids.ts';
import { queryDatabase } from '../support/queryDatabase.ts';
import { seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';
import { rowText } from './support/rowText.ts';

const sessions = '.autonomous_runs/batch_drain_sessions';

describe('the rows of the Drains view', () => {
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
    for (const made of [
      'drained.db',
      'drained.db.drain-lock',
      'examples',
      '.autonomous_runs',
      '.autopack-hygiene',
    ]) {
      await rm(inWorkspace(made), { recursive: true, force: true });
    }
    await api.drains.refresh();
  });

  /** Label, description and context of the rows, as they are after the files were read. */
  async function rows(parent?: DrainsTreeNode): Promise<{ node: DrainsTreeNode; text: string }[]> {
    await api.drains.getChildren();
    await api.drains.refresh();
    const nodes = await api.drains.getChildren(parent);
    return nodes.map((node) => {
      const item = api.drains.getTreeItem(node);
      return { node, text: `${rowText(item)} | ${String(item.contextValue)}` };
    });
  }

  async function leaveSession(id: string, content: unknown): Promise<void> {
    await mkdir(inWorkspace(sessions), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(inWorkspace(sessions, `${id}.json`), text);
  }

  it('lists sessions of Autopack newest first, and one that cannot be read as such', async () => {
    const id = 'batch-drain-20251224-101500';
    const result = {
      run_id: 'research-v1',
      phase_id: 'gather',
      initial_state: 'FAILED',
      final_state: 'FAILED',
      success: false,
      subprocess_duration_seconds: 2,
      subprocess_stdout_path: `${sessions}/${id}/logs/gather.stdout.txt`,
      zero_yield_reason: 'timeout',
    };
    await leaveSession(id, {
      session_id: id,
      started_at: '2025-12-24T10:15:00+00:00',
      completed_at: '2025-12-24T10:16:00+00:00',
      total_failed: 1,
      results: [result],
    });
    await leaveSession('batch-drain-20251225-080000', '{"session_id": "batch-dr');
    const [torn, old, ...others] = await rows();
    assert.deepEqual(others, []);
    assert.equal(torn?.text, 'batch-drain-20251225-080000 | not readable | session');
    assert.match(old?.text ?? '', /^gather \| 2025-12-24 .* · 1 failed \| session$/);
    const [phase] = await rows(old?.node);
    assert.equal(phase?.text, 'gather | 2.0 s · no telemetry: timed out | drained;logs');
    assert.equal(
      phase.node.kind === 'drained' && phase.node.stdoutPath,
      inWorkspace(sessions, id, 'logs', 'gather.stdout.txt'),
    );
  });

  it('shows fifty sessions, and the older ones when asked', async () => {
    for (let day = 10; day < 70; day += 1) {
      await leaveSession(`batch-drain-202512${day}-080000`, { session_id: 'x', started_at: 'unknown' });
    }
    const shown = await rows();
    assert.equal(shown.length, 51);
    assert.match(shown.at(-1)?.text ?? '', /^Show older drains \| 10 sessions not shown/);
    await vscode.commands.executeCommand(commandIds.showOlderDrains);
    assert.equal((await rows()).length, 60);
  });

  it('notices that the drain of another program was killed, which writes nothing of it', async () => {
    const path = await seedDatabaseInWorkspace('drained.db');
    const sessionId = 'batch-drain-20251224-101500';
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const since = '2025-12-24T10:15:00.000Z';
    const lock = { token: 'other', pid: other.pid, processMark: null, host: hostname(), since };
    await writeFile(`${path}.drain-lock`, JSON.stringify({ ...lock, fileId: '', sessionId }));
    await leaveSession(sessionId, { session_id: sessionId, started_at: since });
    const facts = { version: 2, sessionId, executor: 'autopack', databasePath: path, status: 'running' };
    const nothing = { activeMs: 0, stop: null, inFlight: null, options: {}, results: [] };
    await writeFile(
      inWorkspace(sessions, `hygiene-${sessionId}.json`),
      JSON.stringify({ ...facts, ...nothing, startedAt: Date.parse(since) }),
    );
    const running = await rows();
    const ended = once(other, 'exit');
    other.kill('SIGKILL');
    await ended;
    assert.match(running[0]?.text ?? '', /under way in another program/);
    await api.drains.checkOthers();
    const [row] = await api.drains.getChildren();
    assert.match(row?.treeItem().description as string, / · interrupted · no phase drained/);
  });

  it('shows what was drained, with its logs', async function () {
    this.timeout(60_000);
    const path = await seedDatabaseInWorkspace('drained.db');
    await api.selected.select(path);
    dialogs.press(/^Drain 2 Phases$/);
    const keys = ['telemetry-p1-string-util', 'telemetry-p2-number-util'].map((phaseId) => ({
      runId: 'telemetry-collection-v4',
      phaseId,
    }));
    const kinds: string[] = [];
    const following = api.drains.onDidChangeTreeData(async () => {
      kinds.push(...(await api.drains.getChildren()).map(({ kind }) => kind));
    });
    await vscode.commands.executeCommand(commandIds.drainSelected, keys[0], keys);
    following.dispose();
    assert.ok(kinds.includes('running'), kinds.join());
    const asked = dialogs.find(/^Drain 2 selected phases\?/);
    assert.deepEqual(asked?.buttons, ['Drain 2 Phases', 'Show Plan', 'Change Options…']);
    assert.match(asked.detail, /At most: 2 executions, 30 min, 100,000 tokens/);
    assert.deepEqual(queryDatabase(path, "SELECT count(*) AS n FROM phases WHERE state = 'COMPLETE'"), [
      { n: 2 },
    ]);
    const [session] = await rows();
    assert.match(
      session?.text ?? '',
      /^telemetry-collection-v4 \| .* · 2 complete · 2 samples · drained\.db \| session$/,
    );
    const [first] = await rows(session?.node);
    assert.match(first?.text ?? '', /^telemetry-p1-string-util \| .* s · 1 sample \| drained;logs$/);
    await vscode.commands.executeCommand(commandIds.openDrainOutput, first?.node);
    assert.match(vscode.window.activeTextEditor?.document.fileName ?? '', /p1-string-util.*stdout\.txt$/);
    await vscode.commands.executeCommand(commandIds.copyId, session?.node);
    const [id] = (await readdir(inWorkspace(sessions))).filter((name) => /^batch-drain-\d+-\d+$/.test(name));
    assert.equal(await vscode.env.clipboard.readText(), id);
  });

  it('says what to do where a log is gone', async () => {
    const gone = { stdoutPath: inWorkspace('gone.txt'), stderrPath: null };
    await vscode.commands.executeCommand(commandIds.openDrainLog, gone);
    assert.ok(dialogs.find(/gone\.txt no longer exists\. The end of the output/));
  });
});
