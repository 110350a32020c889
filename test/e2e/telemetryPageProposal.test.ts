import assert from 'node:assert/strict';
import { calibrate } from '../../src/core/telemetry/calibration/calibrate.ts';
import { telemetryProtocolVersion as version } from '../../src/protocol/telemetryProtocol.ts';
import { accessibilityViolations } from '../support/telemetryPage/checkAccessibility.ts';
import { exampleDatabase, exampleHost } from '../support/telemetryPage/exampleHost.ts';
import { exampleSamples } from '../support/telemetryPage/exampleSamples.ts';
import { usePage } from '../support/telemetryPage/usePage.ts';
import { viewOf } from '../support/telemetryPage/viewOf.ts';

describe('coverage, proposal and export on the telemetry page', () => {
  const { open } = usePage({ host: exampleHost(exampleSamples(160)) });

  it('shows what is covered and what is missing, and seeds the missing kinds', async () => {
    const { page, sent } = await open();
    const row = page.locator('#coverage').getByRole('row', { name: /^implementation low/ });
    assert.match(await row.innerText(), /1 of 3\s*, 2 missing\s+\D*6 of 2/);
    await page.getByRole('button', { name: 'Seed for Missing Coverage' }).click();
    assert.deepEqual(sent.at(-1), { version, kind: 'runAction', action: 'seedMore' });
  });

  it('leads away from a backlog to seed what is missing', async () => {
    const samples = exampleSamples(160);
    const host = exampleHost(samples);
    const { page, sent } = await open({
      host: (message) =>
        host(message).map((told) =>
          told.kind === 'report' ? { ...told, database: { ...exampleDatabase, role: 'legacy' } } : told,
        ),
    });
    await page.getByText('seeded into a telemetry seed database, not into a backlog').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Seed for Missing Coverage' }).count(), 0);
    await page.locator('#coverage').getByRole('button', { name: 'Select Database' }).click();
    assert.deepEqual(sent.at(-1), { version, kind: 'runAction', action: 'selectDatabase' });
  });

  it('works out a proposal of few samples by itself, with its conditions and its effect', async () => {
    const { page, sent } = await open();
    await page.getByText('It changes nothing until you apply it.').waitFor();
    assert.equal(sent.filter(({ kind }) => kind === 'calibrate').length, 1);
    const conditions = page.getByRole('list', { name: 'Conditions of a proposal' }).getByRole('listitem');
    assert.equal(await conditions.filter({ hasText: ' passed. ' }).count(), 10);
    assert.equal(await conditions.filter({ hasText: ' not judged. ' }).count(), 1);
    const effect = page.getByRole('region', { name: 'Predictions before and after the proposal' });
    assert.match(
      await effect.innerText(),
      /Phases underestimated \(95 %\)\s+[\d.]+ % \([\d.]+ % to [\d.]+ %\)/,
    );
    await page.locator('summary', { hasText: 'Category' }).click();
    await page.getByRole('checkbox', { name: /^docs/ }).press('Space');
    await page.getByText('32 of 160 samples').waitFor();
    assert.equal(sent.filter(({ kind }) => kind === 'calibrate').length, 1, 'a filter asks for none anew');
  });

  it('says in one line at the top what would change, and leads there', async () => {
    const { page } = await open({ height: 600 });
    const line = page.locator('#overview .change');
    await line.getByText('A calibration is proposed.').waitFor();
    assert.match(
      await line.innerText(),
      /^A calibration is proposed\. Predicted tokens per phase: [\d,]+ now, [\d,]+ then/,
    );
    await line.getByRole('button', { name: 'Show Proposal' }).press('Enter');
    await page.locator('.links [aria-current]', { hasText: 'Proposal' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'proposal');
  });

  it('writes and applies a proposal only when told to, and applies one once', async () => {
    const { page, sent } = await open();
    await page.getByText("For Autopack's own coefficients.").waitFor();
    await page.getByRole('button', { name: 'Write Proposal' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'writeProposal', state: '160' });
    await page.getByRole('button', { name: 'Choose Estimator…' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'chooseEstimator' });
    const apply = page.getByRole('button', { name: 'Apply…' });
    await apply.press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'applyProposal', state: '160' });
    await page.getByText('Applied to e.json. Before: e.json.bak.').waitFor();
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'Apply…', 'the focus stays');
    const before = sent.length;
    await apply.press('Enter');
    assert.equal(sent.length, before);
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  it('applies nothing in Restricted Mode, and says so', async () => {
    const { page, say, sent } = await open();
    await page.getByRole('button', { name: 'Apply…' }).waitFor();
    const result = calibrate(exampleSamples(160), {});
    const value = { result, estimator: { fileName: 'e.json', path: '/project/e.json' }, trusted: false };
    await say({ kind: 'calibration', state: '160', outcome: { kind: 'known', value } });
    await page.getByText('For e.json.').waitFor();
    await page.getByText('Nothing is written in Restricted Mode').waitFor();
    const before = sent.length;
    for (const name of ['Write Proposal', 'Apply…']) await page.getByRole('button', { name }).press('Enter');
    assert.equal(sent.length, before);
  });

  it('says why a proposal is withheld', async () => {
    const { page, sent } = await open({ host: exampleHost(exampleSamples(12)) });
    await page.locator('.verdict-line', { hasText: 'Withheld.' }).waitFor();
    assert.match(
      await page.locator('.verdict-line').innerText(),
      /^Withheld\.\s+Phases with clean samples: 6 of 20: 14 more needed\./,
    );
    const apply = page.getByRole('button', { name: 'Apply…' });
    const reason = await page.locator(`#${await apply.getAttribute('aria-describedby')}`).innerText();
    assert.match(reason, /^A withheld proposal cannot be applied\. Not passed: Phases with clean samples, /);
    const before = sent.length;
    await apply.press('Enter');
    assert.equal(sent.length, before);
  });

  it('asks before it works out a proposal of many samples, and says why there is none', async () => {
    const { page, say, sent } = await open({ host: () => [] });
    const view = viewOf(exampleSamples(2500));
    await say({ kind: 'report', request: 1, database: exampleDatabase, state: 's', view, warnings: [] });
    await page.getByRole('button', { name: 'Work Out a Proposal' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'calibrate', anyRole: false });
    await page.getByText('Evaluating the evidence').waitFor();
    const error = { code: 'wrong-role', message: 'This is a backlog.', nextStep: 'Select a seed.' } as const;
    await say({ kind: 'calibration', state: 's', outcome: { kind: 'failed', error } });
    await page.getByText('This is a backlog. Select a seed database, or use this one').waitFor();
    await page.getByRole('button', { name: 'Calibrate Anyway' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'calibrate', anyRole: true });
    const gone = { code: 'not-found', message: 'e.json is gone.', nextStep: 'Choose anew.' } as const;
    await say({ kind: 'calibration', state: 's', outcome: { kind: 'failed', error: gone } });
    await page.getByText('e.json is gone. Choose anew.').waitFor();
    await page.getByRole('button', { name: 'Choose Estimator…' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'chooseEstimator' });
  });

  it('exports in the format chosen, with the options in force, and folds the menu', async () => {
    const { page, sent } = await open();
    await page.locator('summary', { hasText: 'Export' }).press('Enter');
    await page.getByRole('button', { name: /^OpenTelemetry/ }).press('Enter');
    const exported = sent.at(-1);
    assert.ok(exported?.kind === 'export');
    assert.deepEqual([exported.format, exported.options.successOnly], ['otlp', true]);
    assert.deepEqual(exported.shown, { samples: 160, of: 160, state: '160' });
    assert.equal(await page.getByRole('button', { name: /^OpenTelemetry/ }).isVisible(), false);
  });

  it('exports with the filter in force, and how many samples that are', async () => {
    const { page, sent } = await open();
    await page.locator('summary', { hasText: 'Category' }).click();
    await page.getByRole('checkbox', { name: /^docs/ }).press('Space');
    await page.getByText('32 of 160 samples').waitFor();
    await page.locator('summary', { hasText: 'Export' }).press('Enter');
    await page.getByRole('button', { name: /^CSV/ }).press('Enter');
    const exported = sent.at(-1);
    assert.ok(exported?.kind === 'export');
    assert.deepEqual(exported.filter.categories, ['docs']);
    assert.deepEqual(exported.shown, { samples: 32, of: 160, state: '160' });
  });
});
