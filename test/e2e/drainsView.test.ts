import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import { slowScript } from './support/slowScript.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

/** A session as Autopack leaves it behind when it is killed. */
const autopackSession = {
  session_id: 'batch-drain-20251224-101500',
  started_at: '2025-12-24T10:15:00.000000+00:00',
  completed_at: null,
  batch_size: 5,
  total_processed: 1,
  total_failed: 1,
  results: [
    {
      run_id: 'research-v1',
      phase_id: 'gather-sources',
      phase_index: 0,
      initial_state: 'FAILED',
      final_state: 'FAILED',
      success: false,
      error_message: 'ModuleNotFoundError: no module named autopack',
      subprocess_duration_seconds: 12.5,
      zero_yield_reason: 'failed_before_llm',
    },
  ],
};

describe('the Drains view', () => {
  let folder: string;
  let sessions: string;
  let workbench: Workbench;

  before(async () => {
    ({ folder } = await seededWorkspace(slowScript));
    sessions = join(folder, '.autonomous_runs', 'batch_drain_sessions');
    workbench = await openSeeded(folder);
  });

  after(() => workbench.dispose());

  it('says that nothing was drained yet, and offers a drain', async () => {
    await workbench.page.getByText('No drains yet.').waitFor();
    await workbench.screenshot('drains-none');
  });

  it('shows a session that another program left behind as soon as it is there', async () => {
    await mkdir(sessions, { recursive: true });
    await writeFile(join(sessions, `${autopackSession.session_id}.json`), JSON.stringify(autopackSession));
    await workbench.tree.row('interrupted · 1 failed').waitFor();
    await workbench.tree.expand('interrupted · 1 failed');
    await workbench.tree.row('no telemetry: failed before the model was reached').waitFor();
    await workbench.tree.row('2025-12-24').locator('.monaco-tl-twistie').click();
  });

  it('shows the drain under way: how far, how long, what it gave, how long still', async () => {
    await workbench.tree.expand('telemetry-collection-v4');
    await workbench.tree.pressInline('telemetry-collection-v4', 'Drain Run');
    const question = workbench.dialog('Drain 10 phases of the run telemetry-collection-v4?');
    await question.waitFor();
    assert.match(await question.innerText(), /At most: \d+ executions, \d+ min, [\d,]+ tokens/);
    await question.getByRole('button', { name: 'Show Plan' }).click();
    await workbench.webview().getByRole('heading', { name: 'Drain plan' }).waitFor();
    await workbench.webview().getByRole('cell', { name: 'telemetry-p10-file-util' }).waitFor();
    await workbench.editorAction('Drain').click();
    await workbench.tree.row(/Draining seed\.db/).waitFor();
    await workbench.tree.row(/executing for/).waitFor();
    await workbench.tree
      .row(/[2-5] of 10 · .* left · \d samples?, .*\/min · .* tokens/)
      .waitFor({ timeout: 60_000 });
    await workbench.screenshot('drains-running');
  });

  it('cancels it from its row', async () => {
    await waitUntil(
      'three phases ended',
      () => workbench.tree.texts(),
      (rows) => rows.some((row) => /[3-9] of 10/.test(row)),
    );
    // However slow the window is, the drain does not end before it is cancelled.
    await writeFile(join(folder, 'hold'), '');
    await workbench.tree.pressInline('Draining seed.db', 'Cancel Drain');
    await workbench.notification('cancelled').waitFor();
    await workbench.tree.row(/stopped · .*complete/).waitFor();
    assert.equal(await workbench.tree.row('Draining seed.db').count(), 0);
  });

  it('explains the phases of an ended drain, and opens their logs with one click', async () => {
    await workbench.tree.expand(/stopped · /);
    await workbench.tree.row(/no telemetry: import error/).waitFor();
    await workbench.screenshot('drains-ended');
    await workbench.tree.click(/no telemetry: import error/);
    const editor = workbench.page.locator('.editor-instance .view-lines');
    await editor.getByText('ImportError').waitFor();
    await workbench.tree.pressInline(/no telemetry: import error/, 'Open Output');
    await editor.getByText('working on').waitFor();
    await workbench.screenshot('drains-log');
    assert.match(await workbench.hover(workbench.tree.row(/no telemetry: import error/)), /What to do/);
    await workbench.screenshot('drains-hover');
  });

  it('resumes what was cancelled', async () => {
    await rm(join(folder, 'hold'), { force: true });
    await workbench.tree.pressInline(/stopped · /, 'Resume Drain');
    const question = workbench.dialog(/Resume the drain of telemetry-collection-v4 \(\d phases left\)\?/);
    await question.waitFor();
    assert.match(await question.innerText(), /Keeps running if you close or reload this window/);
    await workbench.screenshot('drains-resume-question');
    await question.getByRole('button', { name: 'Resume Drain' }).click();
    await workbench.tree.row(/executing for/).waitFor();
    // The phase that was cancelled is executed again: eleven executions of ten phases.
    await workbench.tree.row(/\d of 11 · .* left/).waitFor({ timeout: 30_000 });
    await workbench.screenshot('drains-resumed');
    await workbench.tree.row('Draining seed.db').waitFor({ state: 'hidden', timeout: 60_000 });
    await workbench.tree.row(/[4-9] complete, .*seed\.db/).waitFor();
  });
});
