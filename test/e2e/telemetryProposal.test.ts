import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { initDatabase } from '../../src/core/seed/seedDatabase.ts';
import { autopackEstimator } from '../../src/core/telemetry/estimator/estimator.ts';
import { DatabaseWriter } from '../../src/node/writer/databaseWriter.ts';
import { addTelemetry } from '../support/telemetryDatabase.ts';
import { seededKinds, simulateSamples } from '../unit/core/telemetry/calibration/simulatedSamples.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

const seed = 'autopack_telemetry_seed.db';

describe('calibration in the telemetry panel', () => {
  let folder: string;
  let workbench: Workbench;
  const files = (pattern: RegExp): string[] => readdirSync(folder).filter((name) => pattern.test(name));
  const estimator = (): string => readFileSync(join(folder, 'estimator.json'), 'utf8');

  before(async () => {
    folder = await temporaryWorkspace();
    const path = join(folder, seed);
    await initDatabase(new DatabaseWriter(), path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
    addTelemetry(path, simulateSamples({ kinds: seededKinds, phases: 50 }));
    writeFileSync(join(folder, 'estimator.json'), `${JSON.stringify(autopackEstimator, null, 2)}\n`);
    workbench = await openWorkbench({ folder, settings: { 'files.simpleDialog.enable': true } });
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.pickDatabase(seed);
    await workbench.statusBar.read(seed);
  });

  after(() => workbench.dispose());

  it('proposes for the coefficients that a person says are in use', async () => {
    await workbench.runCommand('Autopack: Analyze Telemetry');
    const page = workbench.webview();
    await page.getByText("For Autopack's own coefficients.").waitFor();
    await page.getByRole('button', { name: 'Choose Estimator…' }).click();
    await workbench.quickInput.pick('A file…');
    await workbench.quickInput.pick('estimator.json');
    await page.getByText('For estimator.json.').waitFor();
    await page.locator('.verdict-line', { hasText: 'Proposed.' }).waitFor();
  });

  it('writes the proposal into a folder of the workspace, and opens it', async () => {
    await workbench.webview().getByRole('button', { name: 'Write Proposal' }).click();
    await workbench.quickInput.widget.getByRole('button', { name: 'Write Here' }).click();
    await workbench.page
      .locator('.tab', { hasText: /token_estimator_calibration_.*\.md/ })
      .first()
      .waitFor();
    await workbench.webview().getByRole('heading', { name: 'Token estimator calibration' }).waitFor();
    assert.deepEqual(files(/^token_estimator_calibration_\d{8}_\d{6}\.(md|json)$/).length, 2);
    assert.equal(estimator(), `${JSON.stringify(autopackEstimator, null, 2)}\n`, 'nothing is applied');
  });

  it('applies it after a question that shows what changes, and keeps the old file', async () => {
    const before = estimator();
    await workbench.runCommand('Autopack: Analyze Telemetry');
    await workbench.webview().getByRole('button', { name: 'Apply…' }).click();
    const question = workbench.dialog('Apply the proposal to estimator.json?');
    assert.match(
      await question.innerText(),
      /safetyFactor: 1\.3 → [\d.]+ x[^]*Phases underestimated: [\d.]+ % → [\d.]+ %/,
    );
    await workbench.screenshot('apply-proposal');
    await question.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(estimator(), before);
    await workbench.webview().getByRole('button', { name: 'Apply…' }).click();
    await question.getByRole('button', { name: 'Apply', exact: true }).click();
    await workbench
      .webview()
      .getByText(/^Applied to estimator\.json\. Before: /)
      .waitFor();
    const [kept = ''] = files(/^estimator\.json\..*\.bak$/);
    assert.equal(readFileSync(join(folder, kept), 'utf8'), before);
    const { safetyFactor } = JSON.parse(estimator()) as { readonly safetyFactor: number };
    assert.notEqual(safetyFactor, 1.3);
    await workbench.webview().getByText('It was applied. Another step needs new samples').waitFor();
    await workbench.screenshot('applied-proposal');
  });

  it('seeds the kinds of phases that are missing', async () => {
    await workbench.webview().getByRole('button', { name: 'Seed for Missing Coverage' }).click();
    const question = workbench.dialog('Seed the run');
    await question.getByRole('button', { name: 'Seed', exact: true }).click();
    await workbench.statusBar.read('2 runs');
    assert.equal(runs(), 2);
  });

  function runs(): number {
    const database = new DatabaseSync(join(folder, seed), { readOnly: true });
    const row = database.prepare('SELECT count(*) AS runs FROM runs').get();
    database.close();
    return Number(row?.runs);
  }
});
