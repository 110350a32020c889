import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultTelemetryOptions as defaults } from '../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { noFilter } from '../../src/core/telemetry/page/telemetryFilter.ts';
import { telemetryProtocolVersion as version } from '../../src/protocol/telemetryProtocol.ts';
import { artefactsFolder } from '../host/projectPaths.ts';
import { accessibilityViolations } from '../support/telemetryPage/checkAccessibility.ts';
import { exampleDatabase as database, exampleHost } from '../support/telemetryPage/exampleHost.ts';
import { exampleSamples } from '../support/telemetryPage/exampleSamples.ts';
import { usePage } from '../support/telemetryPage/usePage.ts';
import { viewOf } from '../support/telemetryPage/viewOf.ts';

function screenshot(name: string): string {
  return join(artefactsFolder, 'screenshots', `telemetry-page-${name}.png`);
}

describe('telemetry page in a browser, under its content security policy', () => {
  const { open, lastAsked } = usePage({ host: exampleHost(exampleSamples(160)) });
  before(() => mkdir(join(artefactsFolder, 'screenshots'), { recursive: true }));

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
    it(`shows gates, chart and groups in a ${theme} theme`, async () => {
      const { page } = await open({ theme });
      await page.locator('.scatter canvas').waitFor();
      assert.equal(await page.getByRole('list', { name: 'Gates' }).getByRole('listitem').count(), 3);
      assert.equal(await page.getByText('Not passed').count(), 2);
      assert.equal(await page.locator('.groups tbody tr').count(), 15);
      assert.match(await page.locator('#chart-words').innerText(), /150 samples\..*47 of 150/);
      await page.locator('.verdict-line').waitFor();
      await page.screenshot({
        path: screenshot(theme),
        fullPage: true,
      });
    });
  }

  // To a page, a window of 1,200 pixels at 200 % is one of 600 whose pixels are drawn by four.
  for (const [name, width, scale] of [
    ['narrow', 300, 1],
    ['half', 480, 1],
    ['zoomed', 600, 2],
  ] as const) {
    it(`fits a ${name} panel of ${width} pixels without scrolling sideways`, async () => {
      const { page } = await open({ width, scale, theme: 'light' });
      await page.locator('.scatter canvas').waitFor();
      await page.locator('.verdict-line').waitFor();
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
      await page.screenshot({ path: screenshot(name), fullPage: true });
    });
  }

  it('tells a screen reader the same in words, and nothing of its drawings', async () => {
    const { page } = await open();
    await page.locator('.scatter canvas').waitFor();
    const told = await page.locator('main').ariaSnapshot();
    assert.match(told, /heading "Underestimation"[^-]*- text: Not passed\s+- paragraph: 31\.2 % at most 5 %/);
    assert.match(told, /figure "150 samples\. Above the diagonal more was used than predicted\. 47 of 150/);
    assert.match(told, /16\.7 % , above the limit/);
    assert.doesNotMatch(told, /- img/);
  });

  it('has success only on, and analyses again when an option changes, keeping the focus', async () => {
    const { page } = await open();
    assert.deepEqual(lastAsked(), { options: defaults, filter: noFilter });
    await page.getByLabel('Success only').press('Space');
    await page.locator('#chart-words', { hasText: '160 samples' }).waitFor();
    assert.deepEqual(lastAsked(), { options: { ...defaults, successOnly: false }, filter: noFilter });
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'Success only');
    await page.getByLabel('Tolerance').fill('1.5');
    await page.getByLabel('Tolerance').press('Enter');
    await page.locator('#chart-words', { hasText: '1.5 x the prediction' }).waitFor();
    await page.getByLabel('Tolerance').fill('-3');
    await page.getByLabel('Tolerance').press('Enter');
    assert.equal(await page.getByLabel('Tolerance').inputValue(), '1.5');
  });

  it('sorts groups by a column, and tells which and how', async () => {
    const { page } = await open();
    const header = page.locator('.groups').getByRole('columnheader', { name: 'Samples' });
    const firstCell = page.locator('.groups tbody tr').first().locator('td').nth(1);
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.equal(await firstCell.innerText(), '15');
    await header.getByRole('button').press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    assert.equal(await firstCell.innerText(), '6');
  });

  it('shows the figures of each model with how sure they are, and follows the filter', async () => {
    const { page } = await open();
    const table = page.getByRole('region', { name: 'Figures by model' });
    const first = table.locator('tbody tr').first();
    assert.match(
      await first.innerText(),
      /^claude-sonnet-4-5\s+138\s+109\s+[\d.]+ % \([\d.]+ to [\d.]+\)\s+, above the limit/,
    );
    await table.getByRole('columnheader', { name: 'Samples' }).getByRole('button').press('Enter');
    await table.getByRole('columnheader', { name: 'Samples' }).getByRole('button').press('Enter');
    assert.match(await first.innerText(), /^recorded-example/);
    assert.equal(await page.evaluate('document.activeElement.dataset.key'), 'sort-models-samples');
    await page.locator('summary', { hasText: 'Model' }).click();
    await page.getByRole('checkbox', { name: /^recorded-example/ }).press('Space');
    await page.getByText('15 of 160 samples').waitFor();
    // The figures by model come after the report, and stand as outdated until then.
    await page.locator('#models [aria-busy="false"]').waitFor();
    assert.equal(await table.locator('tbody tr').count(), 1);
  });

  it('opens the phase of a point by the keyboard, speaks it, and shows why that failed', async () => {
    const { page, sent } = await open();
    await page.getByRole('application', { name: /^Predicted/ }).focus();
    await page.keyboard.press('End');
    const spoken = await page.locator('.scatter [aria-live]').innerText();
    assert.match(spoken, /^telemetry-run \/ phase-\d+\. Predicted [\d,]+ tokens, used [\d,]+/);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('There is no such phase. Refresh.').waitFor();
    const phaseId = /phase-\d+/.exec(spoken)?.[0];
    await page.evaluate('window.scrollTo(0, 2000)');
    const notice = await page.getByRole('alert').boundingBox();
    assert.ok(notice !== null && notice.y >= 0 && notice.y < 100, 'it is in view wherever one is');
    assert.deepEqual(await accessibilityViolations(page), []);
    await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
    await page.getByRole('alert').getByText('There is no such phase').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'application');
    assert.deepEqual(sent.at(-1), {
      version,
      kind: 'openPhase',
      phase: { runId: 'telemetry-run', phaseId },
    });
  });

  it('copies its charts as pictures, and saves them as PNG and SVG', async () => {
    const { page, sent } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy Picture: Distribution' }).click();
    await page.locator('#distribution').getByText('Copied').waitFor();
    const kinds = await page.evaluate('navigator.clipboard.read().then(([item]) => item.types)');
    assert.deepEqual(kinds, ['image/png']);
    for (const [name, signature] of [
      ['Save as PNG…: Predicted', 'iVBORw0KGgo'],
      ['Save as SVG…: Predicted', '<svg '],
      ['Save as PNG…: Trend', 'iVBORw0KGgo'],
    ] as const) {
      const before = sent.length;
      await page.getByRole('button', { name }).click();
      while (sent.length === before) await page.waitForTimeout(10);
      const last = sent.at(-1);
      assert.ok(last?.kind === 'savePicture' && last.data.startsWith(signature), name);
      if (last.format === 'png') await writeFile(screenshot(`picture-${last.of}`), last.data, 'base64');
      else {
        const parsed = `new DOMParser().parseFromString(${JSON.stringify(last.data)}, 'image/svg+xml')`;
        assert.equal(await page.evaluate(`${parsed}.querySelector('parsererror')`), null);
        assert.equal(await page.evaluate(`${parsed}.querySelectorAll('circle').length > 100`), true);
      }
    }
  });

  it('shows a tooltip at a point under the pointer, and opens its phase on a click', async () => {
    const { page, sent } = await open();
    const area = await page.locator('.scatter .u-over').boundingBox();
    assert.ok(area !== null);
    // Somewhere along the diagonal there is a point under the pointer.
    for (let part = 0.3; part < 0.7 && (await page.locator('.scatter .tooltip').isHidden()); part += 0.01) {
      await page.mouse.move(area.x + area.width * part, area.y + area.height * (1 - part));
    }
    assert.match(await page.locator('.scatter .tooltip').innerText(), /Predicted [\d,]+ tokens, used [\d,]+/);
    await page.mouse.down();
    await page.mouse.up();
    await page.getByRole('alert').getByText('There is no such phase').waitFor();
    assert.equal(sent.at(-1)?.kind, 'openPhase');
  });

  it('comes back as it was after a reload', async () => {
    const { page } = await open({ height: 500 });
    await page.getByLabel('Split by deliverables').check();
    await page.getByRole('button', { name: /^docs/ }).click();
    await page.getByText('The points as a table').click();
    await page.evaluate('window.scrollTo(0, 640)');
    await page.waitForFunction('JSON.parse(sessionStorage.getItem("state")).scrollTop === 640');
    await page.reload();
    await page.locator('.scatter canvas').waitFor();
    const categories = ['configuration', 'implementation', 'refactoring', 'tests'];
    assert.deepEqual(lastAsked(), {
      options: { ...defaults, stratify: true },
      filter: { ...noFilter, categories },
    });
    assert.equal(await page.getByRole('button', { name: /^docs/ }).getAttribute('aria-pressed'), 'false');
    assert.equal(await page.getByRole('region', { name: 'Points' }).isVisible(), true);
    assert.equal(await page.evaluate('window.scrollY'), 640);
  });

  it('keeps what is being typed and the place when the database changes', async () => {
    const { page, say } = await open({ height: 500 });
    await page.getByLabel('Tolerance').fill('7');
    await page.evaluate('window.scrollTo(0, 300)');
    const more = viewOf(exampleSamples(200));
    await say({ kind: 'report', request: 1, database, state: '2', view: more, warnings: [] });
    await page.getByText('200 samples').waitFor();
    assert.equal(await page.getByLabel('Tolerance').inputValue(), '7');
    assert.equal(await page.evaluate('window.scrollY'), 300);
  });

  it('says what to do where there is nothing to show', async () => {
    const { page, say, sent } = await open({ host: () => [] });
    await page.getByText('Reading the telemetry').waitFor();
    await say({ kind: 'no-database', request: 1 });
    await page.getByRole('button', { name: 'Select Database' }).click();
    assert.deepEqual(sent.at(-1), { version, kind: 'runAction', action: 'selectDatabase' });
    const none = viewOf(exampleSamples(0));
    await say({ kind: 'report', request: 1, database, state: '0', view: none, warnings: [] });
    await page.getByRole('button', { name: 'Drain Phases' }).waitFor();
    const error = { code: 'busy', message: 'seed.db is busy.', nextStep: 'Wait for the writer.' } as const;
    await say({ kind: 'failed', request: 1, database: null, error });
    await page.getByText('seed.db is busy. Wait for the writer.').waitFor();
    await page.getByRole('button', { name: 'Try Again' }).click();
    assert.deepEqual(sent.at(-1), {
      version,
      kind: 'analyse',
      request: 2,
      options: defaults,
      filter: noFilter,
      compared: null,
    });
  });

  it('asks to be opened anew when the extension was updated under it', async () => {
    const { page } = await open({ host: () => [] });
    await page.evaluate(`window.postMessage({ version: 99, kind: 'report' })`);
    await page.getByText('Close it and open it again').waitFor();
  });
});
