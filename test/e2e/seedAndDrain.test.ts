import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { queryDatabase } from '../support/queryDatabase.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const seed = 'autopack_telemetry_seed.db';

describe('from nothing to telemetry', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    workbench = await openWorkbench({ folder });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(480);
  });

  after(() => workbench.dispose());

  const query = (sql: string): unknown => queryDatabase(join(folder, seed), sql);

  it('creates a database where the person says', async () => {
    await workbench.runCommand('Autopack: Create Telemetry Seed Database');
    const path = workbench.quickInput.widget.locator('input[type="text"]').first();
    await path.waitFor();
    await waitUntil(
      'the dialog proposes a file',
      () => path.inputValue(),
      (value) => value === join(folder, seed),
    );
    await workbench.screenshot('create-database');
    await workbench.page.keyboard.press('Enter');
    await workbench.notification(`Created the telemetry seed database ${seed}`).waitFor();
    assert.ok(existsSync(join(folder, seed)));
    assert.deepEqual(query('SELECT count(*) AS n FROM runs'), [{ n: 0 }]);
  });

  it('seeds it when the person says so, and does not ask again', async () => {
    await workbench.notification('Created').getByRole('button', { name: 'Select and Seed' }).click();
    await workbench.notification('Seeded the run telemetry-collection-v4 with 10 phases').waitFor();
    const status = await workbench.statusBar.read(seed);
    assert.match(status.text, /Seed: .* · 1 run, 10 phases/);
    await workbench.tree.row('telemetry-p10-file-util').waitFor();
    await workbench.screenshot('seeded');
  });

  it('drains it under a notification that shows how far it is', async function () {
    this.timeout(180_000);
    await workbench.notification('Seeded').getByRole('button', { name: 'Drain Run' }).click();
    const question = workbench.dialog('Drain 10 phases of the run telemetry-collection-v4?');
    await question.waitFor();
    assert.match(await question.innerText(), new RegExp(`${seed} \\(telemetry seed\\)`));
    assert.match(await question.innerText(), /Executor: example/);
    await workbench.screenshot('drain-question');
    await question.getByRole('button', { name: 'Drain 10 Phases' }).click();
    await workbench.notification(/phase [3-8] of 10, telemetry-p/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('drain');
    await workbench.notification('10 phases drained in').waitFor({ timeout: 120_000 });
    await workbench.screenshot('drain-summary');
    assert.deepEqual(query('SELECT state, count(*) AS n FROM phases GROUP BY state'), [
      { state: 'COMPLETE', n: 10 },
    ]);
    assert.ok(existsSync(join(folder, 'examples', 'telemetry_utils', 'string_helper.py')));
  });

  it('explains what was drained', async () => {
    await workbench
      .notification('10 phases drained in')
      .getByRole('button', { name: 'Show Details' })
      .click();
    await workbench.webview().getByRole('cell', { name: 'telemetry-p10-file-util', exact: true }).waitFor();
    await workbench.webview().getByRole('link', { name: 'output' }).first().waitFor();
    await workbench.screenshot('drain-details');
  });

  it('shows the telemetry', async () => {
    await workbench.runCommand('Autopack: Analyze Telemetry');
    await workbench.webview().getByText('10 samples').first().waitFor();
    await workbench.webview().getByText('implementation 6').first().waitFor();
    // Tall enough for gates and chart together.
    await workbench.page.setViewportSize({ width: 1400, height: 1300 });
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot('telemetry');
    await workbench.page.setViewportSize({ width: 1400, height: 900 });
  });

  it('says in the identity what has become of it', async () => {
    assert.deepEqual(query('SELECT count(*) AS n FROM token_estimation_v2_events'), [{ n: 10 }]);
    await workbench.statusBar.item(seed).click();
    await workbench.notification('10 phases (10 complete), 10 samples').waitFor();
    await workbench.screenshot('identity-drained');
  });

  it('refuses to create over an existing file', async () => {
    await workbench.runCommand('Autopack: Create Telemetry Seed Database');
    await workbench.quickInput.widget.locator('input[type="text"]').first().waitFor();
    await workbench.page.keyboard.press('Enter');
    const overwrite = workbench.quickInput.widget.getByText(/already exists/);
    await overwrite.waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.notification(/exists/).waitFor();
    assert.deepEqual(query('SELECT count(*) AS n FROM phases'), [{ n: 10 }]);
  });
});
