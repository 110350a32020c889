import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';

describe('telemetry panel', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    workbench = await openWorkbench({
      folder,
      settings: { 'files.simpleDialog.enable': true },
    });
  });

  after(() => workbench.dispose());

  it('figures what the database holds, counts what is covered, and says why nothing is proposed', async () => {
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.pick(legacy);
    await workbench.statusBar.read(legacy);
    await workbench.runCommand('Autopack: Analyze Telemetry');
    const page = workbench.webview();
    await page.getByText(`${events()} samples`).first().waitFor();
    await page.locator('#coverage').getByRole('cell', { name: /of 3/ }).first().waitFor();
    await page.getByText('Calibration works on telemetry seed databases').waitFor();
  });

  it('filters in the worker, and writes an export where the dialog says', async () => {
    const page = workbench.webview();
    await page.locator('summary', { hasText: 'Complexity' }).click();
    await page.locator('.drop-down[open] .choice input').first().press('Space');
    await page.getByText(new RegExp(`^\\d+ of ${events()} samples$`)).waitFor();
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: /^NDJSON/ }).click();
    // The name that the dialog proposes.
    await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('Exported to autopack_legacy-telemetry.ndjson.').first().waitFor();
    const target = join(folder, 'autopack_legacy-telemetry.ndjson');
    const lines = (await readFile(target, 'utf8')).trimEnd().split('\n');
    assert.equal(lines.length, events());
  });

  function events(): number {
    const database = new DatabaseSync(join(folder, legacy), { readOnly: true });
    const row = database.prepare('SELECT count(*) AS events FROM token_estimation_v2_events').get();
    database.close();
    return Number(row?.events);
  }
});
