import assert from 'node:assert/strict';
import { defaultTelemetryOptions as options } from '../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { noFilter, type TelemetryFilter } from '../../src/core/telemetry/page/telemetryFilter.ts';
import { exampleHost } from '../support/telemetryPage/exampleHost.ts';
import { exampleSamples } from '../support/telemetryPage/exampleSamples.ts';
import { usePage } from '../support/telemetryPage/usePage.ts';

describe('filters of the telemetry page', () => {
  const { open, lastAsked } = usePage({ host: exampleHost(exampleSamples(160)) });
  const asked = (filter: Partial<TelemetryFilter>): void =>
    assert.deepEqual(lastAsked(), { options, filter: { ...noFilter, ...filter } });

  it('goes by any of several names, keeps the list open, and says how many samples are left', async () => {
    const { page } = await open();
    await page.locator('summary', { hasText: 'Category' }).click();
    await page.getByRole('checkbox', { name: /^docs/ }).press('Space');
    await page.getByText('32 of 160 samples').waitFor();
    await page.getByRole('checkbox', { name: /^tests/ }).press('Space');
    await page.getByText('64 of 160 samples').waitFor();
    asked({ categories: ['docs', 'tests'] });
    assert.deepEqual(await page.locator('.groups tbody th').allInnerTexts(), [
      'docs',
      'docs',
      'docs',
      'tests',
      'tests',
      'tests',
    ]);
    assert.match(await page.locator('.gate').last().innerText(), /109/, 'the gates are judged by all');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('checkbox', { name: /^docs/ }).isVisible(), false);
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'filter-Category');
  });

  it('finds runs while they are typed, and never takes away what is being typed', async () => {
    const { page } = await open();
    await page.getByRole('combobox', { name: 'Run' }).pressSequentially('UNK');
    await page.getByText('7 of 160 samples').waitFor();
    asked({ run: 'UNK' });
    assert.equal(await page.getByRole('combobox', { name: 'Run' }).inputValue(), 'UNK');
  });

  it('takes a period in whole days, both included', async () => {
    const { page } = await open();
    await page.locator('summary', { hasText: 'Time' }).click();
    await page.getByLabel('From', { exact: true }).fill('2025-12-25');
    await page.getByLabel('To', { exact: true }).fill('2025-12-25');
    await page.getByText('24 of 160 samples').waitFor();
    asked({ from: new Date(2025, 11, 25).getTime(), until: new Date(2025, 11, 26).getTime() });
  });

  it('selects a region by dragging over the chart, tells it in numbers, and takes it back', async () => {
    const { page, sent } = await open();
    await page.locator('.scatter').scrollIntoViewIfNeeded();
    const area = await page.locator('.scatter .u-over').boundingBox();
    assert.ok(area !== null);
    await page.mouse.move(area.x + area.width * 0.3, area.y + area.height * 0.9);
    await page.mouse.down();
    await page.mouse.move(area.x + area.width * 0.5, area.y + area.height * 0.6, { steps: 5 });
    await page.mouse.up();
    const left = page.getByText(/^\d+ of 160 samples$/);
    await left.waitFor();
    assert.equal(sent.filter(({ kind }) => kind === 'openPhase').length, 0, 'a drag is no click');
    assert.match(
      await page.locator('summary', { hasText: 'Tokens' }).innerText(),
      /predicted [\d,]+ to [\d,]+/,
    );
    assert.ok(Number.parseInt(await left.innerText(), 10) < 80);
    await page.getByRole('button', { name: 'Clear Filters' }).press('Enter');
    await page.locator('#chart-words', { hasText: '150 samples' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'filter-run');
    asked({});
  });

  it('selects the same by numbers', async () => {
    const { page } = await open();
    await page.locator('summary', { hasText: 'Tokens' }).click();
    await page.getByLabel('Actual from').fill('5000');
    await page.getByLabel('Actual from').press('Tab');
    await page.locator('summary', { hasText: 'actual from 5,000' }).waitFor();
    asked({ actual: { from: 5000, to: 1e9 } });
  });

  it('lists the suspect samples, by reason, and opens the phase of one', async () => {
    const { page, sent } = await open();
    const reasons = page.getByRole('list', { name: /^Reasons, by all samples/ });
    assert.match(await reasons.innerText(), /no-stop-reason\s+\d samples\s+no stop reason is recorded/);
    await page.getByText('The suspect samples as a table').press('Enter');
    const table = page.getByRole('region', { name: 'Suspect samples, one by one' });
    assert.match(await table.locator('tbody tr').first().innerText(), /no-stop-reason$/);
    await reasons.getByRole('button', { name: 'no-stop-reason' }).press('Enter');
    await page.getByText(/^\d of 160 samples$/).waitFor();
    asked({ reasons: ['no-stop-reason'] });
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'reason-no-stop-reason');
    assert.match(await page.locator('summary', { hasText: 'Suspect for' }).innerText(), /no-stop-reason/);
    await table
      .getByRole('button', { name: /^telemetry-run/ })
      .first()
      .press('Enter');
    assert.equal(sent.at(-1)?.kind, 'openPhase');
    await reasons.getByRole('button', { name: 'no-stop-reason' }).press('Enter');
    asked({});
  });

  it('holds a kept sample against the one that is shown, and keeps it over a reload', async () => {
    const { page } = await open();
    const section = page.locator('#comparison');
    await page.locator('summary', { hasText: 'Category' }).click();
    await page.getByRole('checkbox', { name: /^docs/ }).press('Space');
    await page.getByText('32 of 160 samples').waitFor();
    await section.getByRole('button', { name: 'Keep This Sample to Compare' }).press('Enter');
    await section.getByText('Both are the same sample').waitFor();
    await page.getByRole('button', { name: 'Clear Filters' }).press('Enter');
    await section.getByText(/^All samples \(109 clean samples/).waitFor();
    assert.match(await section.locator('dd').first().innerText(), /^category: docs \(\d+ clean samples/);
    const row = section.getByRole('row', { name: /P50/ });
    assert.match(
      await row.innerText(),
      /[\d.]+ x \([\d.]+ to [\d.]+\)\s+[\d.]+ x \([\d.]+ to [\d.]+\)\s+(apart|overlap)/,
    );
    await page.reload();
    await section.getByText('category: docs').waitFor();
    await section.getByRole('button', { name: 'End Comparison' }).press('Enter');
    await section.getByRole('button', { name: 'Keep This Sample to Compare' }).waitFor();
  });

  it('offers a way out where nothing is left', async () => {
    const { page } = await open();
    await page.getByRole('combobox', { name: 'Run' }).fill('no such run');
    await page.getByRole('button', { name: 'Show All Samples' }).click();
    await page.locator('#chart-words', { hasText: '150 samples' }).waitFor();
    asked({});
  });

  it('shows a crowd by shades, with those that lie apart as marks', async () => {
    const { page } = await open({ host: exampleHost(exampleSamples(20_000)) });
    await page
      .getByText(/Stronger shading means more samples; marks show [\d,]+: those furthest off/)
      .waitFor();
    await page.locator('.scatter').scrollIntoViewIfNeeded();
    const area = await page.locator('.scatter .u-over').boundingBox();
    assert.ok(area !== null);
    await page.mouse.move(area.x + area.width * 0.45, area.y + area.height * 0.57);
    const told = await page.locator('.scatter .tooltip').innerText();
    assert.match(told, /^\d+ samples\s+Predicted about [\d,]+ tokens, used about [\d,]+/);
  });
});
