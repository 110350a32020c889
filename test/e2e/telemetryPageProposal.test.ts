import assert from 'node:assert/strict';
import { telemetryProtocolVersion as version } from '../../src/protocol/telemetryProtocol.ts';
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
    await page.getByRole('button', { name: 'Seed More' }).click();
    assert.deepEqual(sent.at(-1), { version, kind: 'runAction', action: 'seedMore' });
  });

  it('works out a proposal of few samples by itself, with its conditions and its effect', async () => {
    const { page, sent } = await open();
    await page.getByText('It changes nothing until you apply it.').waitFor();
    assert.equal(sent.filter(({ kind }) => kind === 'calibrate').length, 1);
    const conditions = page.getByRole('list', { name: 'Conditions of a proposal' }).getByRole('listitem');
    assert.equal(await conditions.filter({ hasText: 'passed.' }).count(), 6);
    const effect = page.getByRole('region', { name: 'Predictions before and after the proposal' });
    assert.match(await effect.innerText(), /Underestimated \(95 %\)\s+[\d.]+ % \([\d.]+ % to [\d.]+ %\)/);
    await page.locator('summary', { hasText: 'Category' }).click();
    await page.getByRole('checkbox', { name: /^docs/ }).press('Space');
    await page.getByText('32 of 160 samples').waitFor();
    assert.equal(sent.filter(({ kind }) => kind === 'calibrate').length, 1, 'a filter asks for none anew');
  });

  it('says why a proposal is withheld', async () => {
    const { page } = await open({ host: exampleHost(exampleSamples(12)) });
    await page.locator('.verdict-line', { hasText: 'Withheld.' }).waitFor();
    assert.match(
      await page.locator('.verdict-line').innerText(),
      /^Withheld\.\s+Clean samples: 6 of 20: 14 more needed\./,
    );
  });

  it('asks before it works out a proposal of many samples, and says why there is none', async () => {
    const { page, say, sent } = await open({ host: () => [] });
    const view = viewOf(exampleSamples(2500));
    await say({ kind: 'report', request: 1, database: exampleDatabase, state: 's', view, warnings: [] });
    await page.getByRole('button', { name: 'Work Out a Proposal' }).press('Enter');
    assert.deepEqual(sent.at(-1), { version, kind: 'calibrate' });
    await page.getByText('Working out what the evidence bears').waitFor();
    const error = { code: 'wrong-role', message: 'This is a backlog.', nextStep: 'Select a seed.' } as const;
    await say({ kind: 'calibration', state: 's', outcome: { kind: 'failed', error } });
    await page.getByText('This is a backlog. Select a seed.').waitFor();
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
