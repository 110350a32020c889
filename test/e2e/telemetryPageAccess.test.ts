import assert from 'node:assert/strict';
import { accessibilityViolations } from '../support/telemetryPage/checkAccessibility.ts';
import { exampleHost } from '../support/telemetryPage/exampleHost.ts';
import { exampleSamples } from '../support/telemetryPage/exampleSamples.ts';
import { usePage } from '../support/telemetryPage/usePage.ts';

describe('telemetry page for everyone', () => {
  const { open } = usePage({ host: exampleHost(exampleSamples(160)) });

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
    it(`has nothing that axe objects to in a ${theme} theme, with everything folded out`, async () => {
      const { page } = await open({ theme });
      await page.locator('.scatter canvas').waitFor();
      for (const summary of await page.locator('main details.folded > summary').all()) await summary.click();
      await page.locator('summary', { hasText: 'Model' }).click();
      await page.getByRole('checkbox', { name: /^recorded-example/ }).waitFor();
      assert.deepEqual(await accessibilityViolations(page), []);
    }).timeout(90_000);
  }

  it('has none in its empty states', async () => {
    const { page, say } = await open({ host: () => [] });
    await say({ kind: 'no-database', request: 1 });
    await page.getByRole('button', { name: 'Select Database' }).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  it('walks along the distribution and the trend by keys, and speaks', async () => {
    const { page } = await open();
    await page.getByRole('application', { name: /^Share of calls/ }).focus();
    await page.keyboard.press('End');
    assert.match(
      await page.locator('#distribution [aria-live]').innerText(),
      /^At most [\d.]+ x of the prediction\. 100\.0 % of calls .* 100\.0 % of clean samples alone$/,
    );
    await page.getByRole('application', { name: /^Running median/ }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    assert.match(
      await page.locator('#trend [aria-live]').innerText(),
      /^2025-12-24 \d\d:\d\d\. Median of 15: [\d.]+ x$/,
    );
  });
});
