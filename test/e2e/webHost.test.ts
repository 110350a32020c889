import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import titles from '../../package.nls.json' with { type: 'json' };
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { refusedInBrowser } from '../../src/editor/browser/refusedInBrowser.ts';
import { adopted } from '../support/adopted.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import { webOnlyExtension } from './support/webOnlyExtension.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';
const texts: Readonly<Record<string, string>> = titles;
/** What stands on the commands that a browser does not have. */
const refused = refusedInBrowser.map((name) => texts[`command.${name}.title`] ?? name);
const isRefused = (title: string): boolean => refused.includes(title);

describe('the web build, in the web worker of a page', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    await adopted(join(folder, legacy), 'legacy', 'ask');
    workbench = await openWorkbench({
      folder,
      extension: await webOnlyExtension(),
      settings: { 'files.simpleDialog.enable': true },
    });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(640);
    // The extension starts after the window, in a worker that starts after the page.
    await workbench.page.getByText('No database selected. In the browser').waitFor({ timeout: 60_000 });
  });

  after(() => workbench.dispose());

  const section = (name: string) =>
    workbench.page.locator('.part.sidebar').getByRole('button', { name: new RegExp(`^${name}\\b.*Section`) });

  /** Commits as another program would. */
  function execute(sql: string): void {
    const database = new DatabaseSync(join(folder, legacy));
    database.exec(sql);
    database.close();
  }

  it('lists the databases of the folder, and says once what is not offered and why', async () => {
    assert.match(
      await workbench.tree.welcome(),
      /In the browser, .* can be browsed and analyzed, not written/,
    );
    assert.equal(await section('Drains').count(), 0);
    await workbench.runCommand('Autopack: Select Database');
    const rows = await waitUntil(
      'the database was looked into',
      () => workbench.quickInput.texts(),
      (texts) => texts.some((text) => text.includes('phases')),
    );
    assert.deepEqual(
      rows.filter((row) => /PostgreSQL|Create/.test(row)),
      [],
    );
    await workbench.quickInput.pickDatabase(legacy);
    await workbench.tree.row('lantern-import-v1').waitFor();
    const notice = workbench.notification('In the browser, databases are only read.');
    await notice.waitFor();
    assert.match(await notice.innerText(), /Open the folder with VS Code on a computer/);
    await workbench.screenshot('web-runs');
    await notice.getByRole('button', { name: 'OK', exact: true }).click();
    await notice.waitFor({ state: 'detached' });
  });

  it('shows phases, and the details of one that a search finds', async () => {
    await workbench.tree.expand('lantern-import-v1');
    await workbench.screenshot('web-phases');
    const phase = failedPhase();
    await workbench.runCommand('Autopack: Find Phase…');
    await workbench.quickInput.type(phase);
    await workbench.quickInput.rows.filter({ hasText: phase }).first().click();
    await workbench.webview().getByRole('heading', { name: 'Why it failed' }).waitFor();
    await workbench.page.getByRole('treeitem', { name: phase, selected: true }).first().waitFor();
    await workbench.screenshot('web-phase');
  });

  it('filters runs, and compares two of them', async () => {
    await workbench.runCommand('Autopack: Filter Runs…');
    await workbench.quickInput.rows.filter({ hasText: 'failed' }).first().click();
    await workbench.page.keyboard.press('Enter');
    await workbench.tree.row('docs-sweep-v1').waitFor({ state: 'detached' });
    await workbench.runCommand('Autopack: Clear Filter');
    await workbench.tree.row('docs-sweep-v1').waitFor();
    await workbench.tree.chooseFromMenu('lantern-import-v2', 'Compare With…');
    await workbench.quickInput.rows.filter({ hasText: 'lantern-import-v3' }).first().click();
    await workbench.webview().getByRole('heading', { name: 'Comparison of two runs' }).waitFor();
    await workbench.screenshot('web-comparison');
  });

  it('has no command that takes programs or locks, in the palette or on a row', async () => {
    await workbench.quickInput.openPalette();
    await workbench.quickInput.type('>Autopack: ');
    await workbench.quickInput.rows.filter({ hasText: 'Analyze Telemetry' }).first().waitFor();
    await workbench.screenshot('web-palette');
    const offered = (await workbench.quickInput.texts()).filter((title) => title.startsWith('Autopack: '));
    assert.deepEqual(offered.map((title) => title.replace('Autopack: ', '')).filter(isRefused), []);
    await workbench.quickInput.cancel();
    await workbench.tree.row('lantern-import-v1').click({ button: 'right' });
    const entries = workbench.page.locator('.context-view.monaco-menu-container').getByRole('menuitem');
    await entries.filter({ hasText: 'Copy ID' }).first().waitFor();
    await workbench.screenshot('web-menu');
    assert.deepEqual((await entries.allInnerTexts()).map((text) => text.trim()).filter(isRefused), []);
    await workbench.page.keyboard.press('Escape');
  });

  it('groups failures', async () => {
    await section('Failures').click();
    await workbench.tree.row(/\d+ phases · \d+ runs? · \d{4}-/).waitFor();
    await workbench.screenshot('web-failures');
    await section('Failures').click();
  });

  it('tells what the file says of itself', async () => {
    for (const name of ['Runs', 'Identity']) await section(name).click();
    await workbench.tree.row('Journal').waitFor();
    const rows = await workbench.tree.texts();
    for (const fact of [
      /^Selected/,
      /^Role.*[Ll]egacy/,
      /^Id.*[\da-f-]{8}/,
      /^Content.*12 runs/,
      /^Samples/,
      /^File.*20\d\d-/,
    ])
      assert.ok(
        rows.some((row) => fact.test(row)),
        `${String(fact)}: ${rows.join(' | ')}`,
      );
    await workbench.screenshot('web-identity');
    await workbench.runCommand('Autopack: Check Database Identity');
    await workbench.notification(/In the browser: copies, .* were not checked\./).waitFor();
    await workbench.screenshot('web-identity-check');
    await workbench.runCommand('Notifications: Clear All Notifications');
    for (const name of ['Runs', 'Identity']) await section(name).click();
  });

  it('shows the telemetry report, filters it, and saves it through the editor', async () => {
    await workbench.runCommand('Autopack: Analyze Telemetry');
    const page = workbench.webview();
    await page
      .getByText(/\d+ samples/)
      .first()
      .waitFor();
    await page.locator('#coverage').getByRole('cell', { name: /of 3/ }).first().waitFor();
    await page.locator('summary', { hasText: 'Complexity' }).click();
    await page.locator('.drop-down[open] .choice input').first().press('Space');
    await page.getByText(/^\d+ of \d+ samples$/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Drain Phases' }).count(), 0);
    await workbench.screenshot('web-report');
    for (const [name, ending, check] of [
      ['HTML', 'html', /<html/],
      ['Markdown', 'md', /^# /m],
      ['CSV', 'csv', /,/],
      ['OpenTelemetry', 'json', /"resourceMetrics"|"resourceSpans"|"resourceLogs"/],
    ] as const) {
      await exportAs(name, 'What is shown');
      const file = `autopack_legacy-telemetry-filtered.${ending}`;
      await workbench.page.getByText(`Exported to ${file}:`).first().waitFor();
      assert.match(await readFile(join(folder, file), 'utf8'), check);
    }
    const note = await readFile(join(folder, 'autopack_legacy-telemetry-filtered.csv-metadata.json'), 'utf8');
    assert.match(note, /"complexity"/);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('follows what another program writes', async () => {
    execute(`UPDATE runs SET state = 'DONE_SUCCESS' WHERE id = 'docs-sweep-v1'`);
    await workbench.tree.row(/docs-sweep-v1.*succeeded/).waitFor();
  });

  async function exportAs(format: string, what: string): Promise<void> {
    const page = workbench.webview();
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: new RegExp(`^${format}`) }).click();
    await workbench.quickInput.rows.filter({ hasText: what }).first().click();
    // The name that the dialog proposes.
    // Once it lists the folder, it also takes the name.
    await workbench.quickInput.rows.filter({ hasText: '..' }).first().waitFor();
    await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).click();
  }

  /** Of a name that no other phase has, for the search finds all of a name. */
  function failedPhase(): string {
    const database = new DatabaseSync(join(folder, legacy), { readOnly: true });
    const row = database
      .prepare(
        `SELECT phase_id AS id FROM phases GROUP BY phase_id HAVING count(*) = 1
          AND upper(max(state)) = 'FAILED' AND max(last_failure_reason) <> '' ORDER BY phase_id`,
      )
      .get();
    database.close();
    return String(row?.id);
  }
});
