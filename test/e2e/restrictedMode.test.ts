import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

describe('a workspace that is not trusted', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    workbench = await openWorkbench({
      folder,
      restricted: true,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
  });

  after(() => workbench.dispose());

  it('can be browsed', async () => {
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.rows.filter({ hasText: '12 runs' }).waitFor();
    await workbench.quickInput.pickDatabase('autopack_legacy.db');
    await workbench.statusBar.read('12 runs, 89 phases');
  });

  it('says in each view what is off, and why', async () => {
    const sideBar = workbench.page.locator('.part.sidebar');
    await sideBar.getByText('A drain executes programs, which Restricted Mode does not allow.').waitFor();
    await sideBar.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.runCommand('Autopack: Show Database Sources');
    await sideBar.getByText('Restricted Mode: only the selection is shown').waitFor();
    await workbench.tree.row('Selected').waitFor();
    await workbench.screenshot('restricted-views');
  });

  it('is not written to, nor is anything executed', async () => {
    const before = readFileSync(join(folder, 'autopack_legacy.db'));
    for (const command of [
      'Drain…',
      'Seed Telemetry Run',
      'Adopt Database',
      'Create Telemetry Seed Database',
    ]) {
      await workbench.runCommand(`Autopack: ${command}`);
      const refusal = workbench.notification('is not done in Restricted Mode');
      await refusal.waitFor();
      if (command === 'Drain…') await workbench.screenshot('restricted-mode');
      await workbench.runCommand('Notifications: Clear All Notifications');
    }
    assert.deepEqual(readFileSync(join(folder, 'autopack_legacy.db')), before);
  });

  it('shows what a calibration would change, and says why it is neither written nor applied', async () => {
    await workbench.runCommand('Autopack: Analyze Telemetry');
    const page = workbench.webview();
    await page.getByRole('button', { name: 'Calibrate Anyway' }).click();
    await page.getByText('Not a seed database; calibration was forced.').waitFor();
    await page.getByText('Nothing is written in Restricted Mode').waitFor();
    for (const name of ['Write Proposal', 'Apply…']) {
      assert.equal(await page.getByRole('button', { name }).getAttribute('aria-disabled'), 'true');
    }
  });
});
