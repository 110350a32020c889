import assert from 'node:assert/strict';
import { accessibilityViolations } from '../support/telemetryPage/checkAccessibility.ts';
import { exampleHost } from '../support/telemetryPage/exampleHost.ts';
import { exampleSamples } from '../support/telemetryPage/exampleSamples.ts';
import { usePage } from '../support/telemetryPage/usePage.ts';

interface Focus {
  readonly name: string;
  readonly outlined: boolean;
  /** Within the window, and not under the links that stay at its top. */
  readonly clear: boolean;
}

/** For the page: what has the focus, or `null` for the page itself. */
const whatHasFocus = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const label = element.closest('label')?.innerText ?? '';
  const name = (element.getAttribute('aria-label') ?? (label || element.innerText)).trim();
  const { top, bottom } = element.getBoundingClientRect();
  const links = document.querySelector('.links');
  const under = links.contains(element) ? 0 : links.getBoundingClientRect().bottom;
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
  const begins = links.getBoundingClientRect().top > 0 || bottom > under;
  return { name, outlined, clear: bottom > 0 && top < innerHeight && begins };
})()`;

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

  it('draws in a browser that reports a language that no formatter accepts, as it does under LANG=C', async () => {
    const { page } = await open({ language: 'en-US@posix' });
    await page.locator('.scatter canvas').waitFor();
  });

  it('has none in its empty states', async () => {
    const { page, say } = await open({ host: () => [] });
    await say({ kind: 'no-database', request: 1 });
    await page.getByRole('button', { name: 'Select Database' }).waitFor();
    assert.deepEqual(await accessibilityViolations(page), []);
  });

  it('is gone through by the Tab key alone, and what has the focus is never under the links', async () => {
    const { page } = await open({ height: 600 });
    await page.getByRole('button', { name: 'Apply…' }).waitFor();
    const met: string[] = [];
    for (let step = 0; step < 200; step += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate<Focus | null>(whatHasFocus);
      if (focus === null) break;
      assert.ok(focus.outlined, `${focus.name} shows that it has the focus`);
      assert.ok(focus.clear, `${focus.name} is not hidden`);
      met.push(focus.name);
    }
    const order = [
      'Export',
      'Success only',
      'Category',
      'Overview',
      'Check Identity',
      'Predicted against actual tokens',
      'The points as a table',
      'Figures by kind of phase',
      'Figures by model',
      'no-stop-reason',
      'The suspect samples as a table',
      'Seed for Missing Coverage',
      'Write Proposal',
      'Apply…',
      'Choose Estimator…',
    ];
    const places = order.map((name) => met.findIndex((one) => one.startsWith(name)));
    assert.deepEqual(places.filter((place) => place === -1).length, 0, met.join(' | '));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it('marks the section that is read, and is led through the sections by arrow keys', async () => {
    const { page } = await open({ height: 600 });
    await page.getByRole('button', { name: 'Apply…' }).waitFor();
    const current = page.locator('.links [aria-current]');
    assert.equal(await current.innerText(), 'Overview');
    await current.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    assert.equal(await current.innerText(), 'Trend', 'though the distribution begins at the same height');
    assert.equal(await page.evaluate('document.activeElement.id'), 'trend', 'the keyboard goes on there');
    await page.evaluate(`scrollTo(0, document.getElementById('groups').offsetTop)`);
    await page.locator('.links [aria-current]', { hasText: 'Groups' }).waitFor();
    await current.focus();
    for (const key of ['End', 'Enter']) await page.keyboard.press(key);
    assert.equal(await current.innerText(), 'Proposal');
    assert.equal(await page.locator('.links [aria-current]').count(), 1);
  });

  it('goes to the section that a command asks for, even before there is a report', async () => {
    const samples = exampleSamples(160);
    const { page, say } = await open({
      height: 600,
      host: (message) => {
        const told = exampleHost(samples)(message);
        return message.kind === 'analyse' ? [{ kind: 'reveal', section: 'models' }, ...told] : told;
      },
    });
    await page.locator('.links [aria-current]', { hasText: 'Models' }).waitFor();
    await say({ kind: 'reveal', section: 'coverage' });
    await page.locator('.links [aria-current]', { hasText: 'Coverage' }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.id'), 'coverage');
  });

  it('says which figures a filter does not apply to, and counts in its key what is drawn', async () => {
    const { page } = await open();
    await page.locator('.scatter canvas').waitFor();
    assert.equal(await page.getByText('the filter does not apply here').count(), 0);
    await page.locator('summary', { hasText: 'Model' }).click();
    await page.getByRole('checkbox', { name: /^recorded-example/ }).press('Space');
    await page.getByText('15 of 160 samples').waitFor();
    assert.equal(await page.getByText('Of all 160 samples: the filter does not apply here.').count(), 3);
    assert.match(await page.getByRole('button', { name: /^docs/ }).innerText(), /^docs \d+ of 32$/);
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
      /^2025-12-24 \d\d:\d\d\. Median of 13: [\d.]+ x$/,
    );
  });
});
