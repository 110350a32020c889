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
    await workbench.quickInput.pickDatabase(legacy);
    await workbench.statusBar.read(legacy);
    await workbench.runCommand('Autopack: Analyze Telemetry');
    const page = workbench.webview();
    await page.getByText(`${events()} samples`).first().waitFor();
    await page.locator('#coverage').getByRole('cell', { name: /of 3/ }).first().waitFor();
    await page.getByText('Calibration works on telemetry seed databases').waitFor();
  });

  it('filters in the worker, and exports what is shown or everything, as the person says', async () => {
    const page = workbench.webview();
    await page.locator('summary', { hasText: 'Complexity' }).click();
    await page.locator('.drop-down[open] .choice input').first().press('Space');
    const left = page.getByText(new RegExp(`^\\d+ of ${events()} samples$`));
    await left.waitFor();
    const shown = Number.parseInt(await left.innerText(), 10);
    await exportAs('NDJSON', 'Everything');
    await workbench.page.getByText('Exported to autopack_legacy-telemetry.ndjson.').first().waitFor();
    assert.equal(lines(await read('autopack_legacy-telemetry.ndjson')), events());
    await exportAs('CSV', 'What is shown');
    const told = `${shown} of ${events()} samples. The filter is saved in`;
    await workbench.page.getByText(told).first().waitFor();
    // With the line of the headings.
    assert.equal(lines(await read('autopack_legacy-telemetry-filtered.csv')), shown + 1);
    const note = JSON.parse(await read('autopack_legacy-telemetry-filtered.csv-metadata.json')) as {
      readonly events: number;
      readonly conditions: Readonly<Record<string, string>>;
    };
    assert.deepEqual([note.events, Object.keys(note.conditions)], [shown, ['complexity']]);
  });

  for (const [name, ending] of [
    ['Markdown', 'md'],
    ['HTML', 'html'],
    ['OpenTelemetry', 'json'],
  ] as const) {
    it(`exports the filtered telemetry as ${name}, which says so`, async () => {
      await exportAs(name, 'What is shown');
      const file = `autopack_legacy-telemetry-filtered.${ending}`;
      await workbench.page.getByText(`Exported to ${file}:`).first().waitFor();
      assert.match(await read(file), /complexity: \w+/);
    });
  }

  it('saves a chart as a picture where the person says', async () => {
    const page = workbench.webview();
    for (const [format, begins] of [
      ['PNG', '\u0089PNG'],
      ['SVG', '<svg '],
    ] as const) {
      await page.getByRole('button', { name: `Save as ${format}…: Predicted` }).click();
      await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).waitFor();
      await workbench.page.keyboard.press('Enter');
      const file = `autopack_legacy-predictions.${format.toLowerCase()}`;
      await workbench.page.getByText(`Saved as ${file}.`).first().waitFor();
      const saved = await readFile(join(folder, file), 'latin1');
      assert.ok(saved.startsWith(begins), saved.slice(0, 20));
    }
  });

  it('leads from a point to its phase: the row in the Runs view, and the details', async () => {
    const page = workbench.webview();
    await page.getByRole('application', { name: /^Predicted/ }).focus();
    await workbench.page.keyboard.press('Home');
    const spoken = await page.locator('.scatter [aria-live]').innerText();
    const phaseId = /^\S+ \/ (\S+?)\. /.exec(spoken)?.[1] ?? 'none spoken';
    await workbench.page.keyboard.press('Enter');
    const row = workbench.page.getByRole('treeitem', { name: phaseId, selected: true });
    await row.first().waitFor();
    await workbench.runCommand('Autopack: Analyze Telemetry');
  });

  it('goes to the section that a command names', async () => {
    await workbench.runCommand('Autopack: Show Calibration Proposal');
    await workbench.webview().locator('.links [aria-current]', { hasText: 'Proposal' }).waitFor();
    // A page behind another tab is gone, and begins anew when it is shown.
    await workbench.webview().getByRole('link', { name: 'Overview' }).click();
    await workbench.webview().locator('.links [aria-current]', { hasText: 'Overview' }).waitFor();
    await workbench.runCommand('File: New Untitled Text File');
    await workbench.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await workbench.runCommand('Autopack: Show Calibration Proposal');
    await workbench.webview().locator('.links [aria-current]', { hasText: 'Proposal' }).waitFor();
  });

  async function exportAs(format: string, what: string): Promise<void> {
    const page = workbench.webview();
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: new RegExp(`^${format}`) }).click();
    await workbench.quickInput.rows.filter({ hasText: what }).first().click();
    // The name that the dialog proposes.
    await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).waitFor();
    await workbench.page.keyboard.press('Enter');
  }

  function read(name: string): Promise<string> {
    return readFile(join(folder, name), 'utf8');
  }

  function lines(text: string): number {
    return text.trimEnd().split('\n').length;
  }

  function events(): number {
    const database = new DatabaseSync(join(folder, legacy), { readOnly: true });
    const row = database.prepare('SELECT count(*) AS events FROM token_estimation_v2_events').get();
    database.close();
    return Number(row?.events);
  }
});
