import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBacklog } from './support/openBacklog.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('keys, files and links', () => {
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    ({ workbench, folder } = await openBacklog(560));
  });

  after(() => workbench.dispose());

  it('works on the row that has the focus, not on the one that is selected', async () => {
    const { page, tree } = workbench;
    await tree.row('lantern-import-v5').locator('.label-name').first().click();
    await page.keyboard.press('ArrowUp');
    const focused = page.locator('.part.sidebar .monaco-list-row.focused');
    const label = (await focused.locator('.label-name').first().innerText()).trim();
    await page.keyboard.press('Alt+Enter');
    await workbench.webview().getByRole('heading', { name: label, exact: true }).waitFor();
    await workbench.screenshot('key-details');
    await page.keyboard.press('Delete');
    const question = workbench.dialog(`Delete the run ${label} from autopack_legacy.db?`);
    await question.waitFor();
    await workbench.screenshot('key-delete');
    await question.getByRole('button', { name: 'Cancel' }).click();
  });

  it('drains all rows that are selected together', async () => {
    const { page, tree } = workbench;
    await tree.row('lantern-search-v1').locator('.label-name').first().click();
    await tree
      .row('lantern-sharing-20251204')
      .locator('.label-name')
      .first()
      .click({ modifiers: ['ControlOrMeta'] });
    await page.keyboard.press('Control+Enter');
    const question = workbench.dialog(/would execute nothing|Drain \d+ selected phases/);
    await question.waitFor();
    await workbench.screenshot('key-drain');
    await question.getByRole('button', { name: 'Cancel' }).click();
  });

  it('shows what a file is without selecting it, and selects it by a button', async () => {
    await copyFile(join(folder, 'autopack_legacy.db'), join(folder, 'other.db'));
    await workbench.openViewContainer('Explorer');
    const file = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'other.db' });
    await file.first().click({ button: 'right' });
    await workbench.tree.chooseFromOpenMenu('Open in Autopack');
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'other.db' }).waitFor();
    await page.getByText('lantern-search-v1').first().waitFor();
    await workbench.screenshot('open-in-autopack');
    await workbench.statusBar.read('autopack_legacy.db');
    await page.getByRole('link', { name: 'Select This Database' }).click();
    await waitUntil(
      'it is selected',
      () => workbench.page.locator('.part.statusbar').innerText(),
      (text) => text.includes('other.db'),
    );
    await page.getByText('This database is selected.').waitFor();
  });

  it('takes a database that is dropped on the view', async () => {
    await workbench.openViewContainer('Autopack');
    await workbench.runCommand('Autopack: Switch to Recent Database…');
    await workbench.quickInput.rows.filter({ hasText: 'autopack_legacy.db' }).waitFor();
    await workbench.screenshot('switch-database');
    await workbench.quickInput.rows.filter({ hasText: 'autopack_legacy.db' }).click();
    await workbench.tree.row('lantern-import-v1').waitFor();
    const tab = workbench.page.locator('.tabs-container .tab', { hasText: 'other.db' }).first();
    await tab.dragTo(workbench.tree.row('lantern-import-v1'));
    await waitUntil(
      'it is selected',
      () => workbench.page.locator('.part.statusbar').innerText(),
      (text) => text.includes('other.db'),
    );
    await workbench.screenshot('dropped');
  });
});
