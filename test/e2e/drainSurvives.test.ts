import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runningDrain } from '../../src/node/identity/drainLock.ts';
import { projectRoot } from '../host/projectPaths.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import { slowScript } from './support/slowScript.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('a drain and the window it is shown in', () => {
  let folder: string;
  let database: string;
  let workbench: Workbench;

  before(async () => {
    ({ folder, database } = await seededWorkspace(slowScript));
    workbench = await openSeeded(folder);
  });

  after(async () => {
    // What a failed test left running would go on without the window.
    const left = await runningDrain(database);
    if (left !== null) process.kill(left.pid, 'SIGTERM');
    await workbench.dispose();
  });

  const row = /Draining seed\.db/;
  const resumes = /Resume the drain of telemetry-collection-v4 \(\d phases left\)\?/;
  /** No phase ends from now on, however slow the window is. */
  const hold = (): Promise<void> => writeFile(join(folder, 'hold'), '');
  const letGo = (): Promise<void> => rm(join(folder, 'hold'));

  it('is found again by the reloaded window, and shown as it was', async () => {
    await workbench.tree.pressInline('telemetry-collection-v4', 'Drain Run');
    const question = workbench.dialog('Drain 10 phases of the run telemetry-collection-v4?');
    assert.match(await question.innerText(), /Keeps running if you close or reload this window/);
    await question.getByRole('button', { name: 'Drain 10 Phases' }).click();
    await workbench.tree.row(/[1-9] of 10/).waitFor();
    await hold();
    const pid = (await runningDrain(database))?.pid;
    assert.ok(pid);
    await workbench.page.reload();
    await workbench.tree.row(row).waitFor({ timeout: 30_000 });
    await workbench.tree.row(/executing for/).waitFor();
    await workbench.notification(row).waitFor();
    assert.equal((await runningDrain(database))?.pid, pid);
    await workbench.screenshot('drain-found-again');
  });

  it('pauses after the phase under way, stays paused over a reload, and goes on, by a click', async () => {
    await workbench.tree.pressInline(row, 'Pause Drain');
    await workbench.tree.row(/of 10 · pausing after this phase/).waitFor();
    await letGo();
    await workbench.tree.row(/of 10 · paused ·/).waitFor();
    await workbench.notification(/paused after \d of 10 phases/).waitFor();
    await workbench.screenshot('drain-paused');
    assert.equal(await workbench.tree.row(/executing for/).count(), 0);
    const [before] = (await workbench.tree.texts()).filter((text) => text.includes('Draining seed.db'));
    await workbench.page.reload();
    await workbench.tree.row(/of 10 · paused ·/).waitFor({ timeout: 30_000 });
    // No time at work passes meanwhile.
    assert.equal(
      (await workbench.tree.texts()).find((text) => text.includes('Draining seed.db')),
      before,
    );
    await hold();
    await workbench.tree.pressInline(row, 'Resume Drain');
    await workbench.tree.row(/executing for/).waitFor();
    assert.equal(await workbench.tree.row(/of 10 · paus/).count(), 0);
  });

  it('is cancelled by the window that found it, with its summary', async () => {
    await workbench.tree.pressInline(row, 'Cancel Drain');
    await workbench.notification('The drain was cancelled').waitFor();
    await workbench.tree.row(/stopped · .*complete/).waitFor();
    assert.equal(await runningDrain(database), null);
    await workbench.screenshot('drain-cancelled-after-reload');
  });

  it('is offered for resuming when its process has died', async () => {
    await workbench.tree.pressInline(/stopped · /, 'Resume Drain');
    await workbench.dialog(resumes).getByRole('button', { name: 'Resume Drain' }).click();
    await workbench.tree.row(/executing for/).waitFor();
    const drain = await runningDrain(database);
    assert.ok(drain);
    process.kill(drain.pid, 'SIGKILL');
    // What it executed ends by itself.
    await letGo();
    const death = workbench.notification('The drain of seed.db ended unexpectedly');
    await death.waitFor();
    await workbench.tree.row(/interrupted · /).waitFor();
    await workbench.screenshot('drain-died');
    await death.getByRole('button', { name: 'Resume Drain' }).click();
    await workbench.dialog(resumes).getByRole('button', { name: 'Resume Drain' }).click();
    await workbench.tree.row(/executing for/).waitFor();
    await hold();
    await workbench.tree.pressInline(row, 'Cancel Drain');
    await workbench.tree.row(/stopped · .*complete/).waitFor();
  });

  it('is shown live when it was begun in a terminal, and ended from here', async () => {
    const cli = join(projectRoot, 'dist', 'cli.js');
    const args = ['drain', '--yes', '--database', database, '--python', process.execPath];
    const terminal = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [terminal.stdout, terminal.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    const exited = once(terminal, 'exit');
    await workbench.tree.row(row).waitFor({ timeout: 30_000 });
    await workbench.runCommand('Autopack: Pause Drain');
    await workbench.tree.row(/pausing after this phase/).waitFor();
    await letGo();
    await waitUntil(
      'the terminal says it',
      () => Promise.resolve(said),
      (text) => text.includes('paused in the editor'),
    );
    await workbench.tree.row(/paused ·/).waitFor();
    await workbench.screenshot('drain-of-terminal');
    await workbench.tree.pressInline(row, 'Cancel Drain');
    await workbench.tree.row(/stopped · .*complete/).waitFor();
    assert.deepEqual(await exited, [130, null], said);
    assert.match(said, /Stopped: The drain was cancelled/);
  });

  /** How many phases of the database are COMPLETE. */
  const completePhases = (): number => {
    const opened = new DatabaseSync(database, { readOnly: true });
    try {
      const counted = opened.prepare("SELECT count(*) AS n FROM phases WHERE state = 'COMPLETE'").get();
      return Number(counted?.n);
    } finally {
      opened.close();
    }
  };

  it('goes on without any window, and its end is told by the next one', async () => {
    // VS Code hands over no row to a click that comes while the rows are refreshed.
    await workbench.tree.row(`queued, ${completePhases()} complete`).waitFor();
    await workbench.tree.expand('telemetry-collection-v4');
    await workbench.tree.pressInline('telemetry-p3-list-util', 'Drain Phase');
    const question = workbench.dialog('Drain the phase telemetry-p3-list-util');
    await hold();
    await question.getByRole('button', { name: 'Drain 1 Phase' }).click();
    // Not at once: a browser writes a moment later what a window remembers.
    await workbench.tree.row(/executing for [1-9]/).waitFor();
    const url = workbench.page.url();
    await workbench.page.goto('about:blank');
    assert.ok(await runningDrain(database), 'it goes on');
    await letGo();
    await waitUntil(
      'the drain has ended',
      () => runningDrain(database),
      (drain) => drain === null,
    );
    await workbench.page.goto(url);
    await workbench.openViewContainer('Autopack');
    await workbench.notification(/1 phase drained in .*: 1 failed; 0 samples/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('drain-ended-without-window');
    await workbench.page.reload();
    await workbench.tree.row(/1 failed · seed\.db/).waitFor({ timeout: 30_000 });
    assert.equal(await workbench.notification(/drained in/).count(), 0, 'it is told once');
  });
});
