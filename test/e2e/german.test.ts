import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { adopted } from '../support/adopted.ts';
import { allTexts, englishLeft } from './support/englishLeft.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { nodeAsPython, seededWorkspace } from './support/seededWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';

describe('German', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    ({ folder } = await seededWorkspace(`console.log('working');`));
    await prepareExampleWorkspace(folder);
    await adopted(join(folder, legacy), 'legacy', 'ask');
    await writeFile(join(folder, '.env'), 'DATABASE_URL=sqlite:///elsewhere.db\n');
    const settings = { ...nodeAsPython, 'files.simpleDialog.enable': true };
    workbench = await openWorkbench({ folder, settings, language: 'de' });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(520);
  });

  after(() => workbench.dispose());

  /** Takes a picture, and finds no English sentence of ours in the window, or in the document where one is looked at. */
  async function isGerman(name: string, { document = false } = {}): Promise<void> {
    await workbench.screenshot(`german-${name}`);
    const body = (document ? workbench.webview() : workbench.page).locator('body');
    assert.deepEqual(englishLeft(await allTexts(body)), []);
  }

  it('is told from English', () => {
    assert.deepEqual(
      englishLeft('Look: this drain would execute nothing. This drain would execute nothing.'),
      ['This drain would execute nothing.'],
    );
  });

  it('is what the views speak, and what their databases are asked for', async () => {
    await workbench.tree.welcome();
    await isGerman('welcome');
    await workbench.statusBar.item('keine Datenbank ausgewählt').click();
    await workbench.quickInput.rows
      .filter({ hasText: 'Altbestand · Nachfragen · 12 Läufe, 89 Phasen' })
      .waitFor();
    await isGerman('select');
    await workbench.quickInput.pickDatabase(legacy);
    await workbench.tree.row(/maintenance-20251216.*2 abgeschlossen, 4 fehlgeschlagen/).waitFor();
    await workbench.tree.expand('maintenance-20251216');
    await workbench.tree.row(/drop-python-39.*3 Versuche/).waitFor();
    await isGerman('runs');
  });

  it('is what details of a phase are written in', async () => {
    await workbench.tree.click('drop-python-39');
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'Grund des Fehlschlags' }).waitFor();
    await page.getByText('Versuche des Builders').waitFor();
    await isGerman('phase', { document: true });
  });

  it('is what issues and their fixes are told in', async () => {
    await workbench.runCommand('Autopack: Datenbankquellen anzeigen');
    await workbench.tree.row(/DATABASE_URL in \.env.*Datei nicht vorhanden: elsewhere\.db/).waitFor();
    await workbench.tree.row(/Phasen sind verwaist \(1 EXECUTING\)/).waitFor();
    const tooltip = await workbench.hover(workbench.statusBar.item(legacy));
    assert.match(tooltip, /Autopack-Datenbank\s+Hinweise/);
    await isGerman('identity');
    await workbench.page.keyboard.press('Escape');
  });

  it('is the language of the telemetry page and of its report', async () => {
    await workbench.runCommand('Autopack: Telemetrie analysieren');
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'Nächste Schritte' }).waitFor();
    await page.locator('#coverage').getByRole('cell', { name: /von 3/ }).first().waitFor();
    await page.getByText('die Rolle dieser Datenbank ist Altbestand').waitFor();
    await isGerman('telemetry', { document: true });
    await page.locator('summary', { hasText: 'Exportieren' }).click();
    await page.getByRole('button', { name: /^Markdown/ }).click();
    await workbench.quickInput.widget.getByRole('button', { name: 'OK' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('Nach autopack_legacy-telemetry.md exportiert.').waitFor();
    const report = await readFile(join(folder, 'autopack_legacy-telemetry.md'), 'utf8');
    assert.match(report, /^# Token-Telemetrie/m);
    assert.match(report, /^## Freigabekriterien/m);
    assert.deepEqual(englishLeft(report), []);
  });

  it("is what a drain asks in, and what the drain's own process answers in", async () => {
    await workbench.runCommand('Autopack: Datenbank auswählen');
    await workbench.quickInput.pickDatabase('seed.db');
    await workbench.tree.row('telemetry-p1-string-util').waitFor();
    await workbench.tree.pressInline('telemetry-p1-string-util', 'Phase abarbeiten');
    const question = workbench.dialog(
      'Phase telemetry-p1-string-util von telemetry-collection-v4 abarbeiten?',
    );
    await question.waitFor();
    assert.match(await question.innerText(), /Höchstens: 1 Ausführung, 15 min, 50\u202f000 Token/);
    await isGerman('question');
    await question.getByRole('button', { name: '1 Phase abarbeiten' }).click();
    const told = workbench.notification(/Exitcode 0 beendet, aber in .* hat sich nichts geändert/);
    await told.waitFor({ timeout: 30_000 });
    await isGerman('drained');
    await told.getByRole('button', { name: 'Details' }).click();
    await workbench.webview().getByText('Keine Telemetrie: Exitcode 0').waitFor();
    await waitUntil(
      'the tab names the drain in German',
      () => workbench.page.locator('.tabs-container .tab.active').innerText(),
      (title) => title.trim().startsWith('Abarbeitung 20'),
    );
    await isGerman('drain', { document: true });
  });
});
