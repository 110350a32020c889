import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { defaultTelemetryOptions as defaults } from '../../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { noFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { renderTelemetryHtml } from '../../../../../src/core/telemetry/report/htmlReport.ts';
import { formatQuantile } from '../../../../../src/core/telemetry/report/reportSections.ts';
import { telemetryFindings } from '../../../../../src/core/telemetry/report/telemetryFindings.ts';
import { renderTelemetryReport } from '../../../../../src/core/telemetry/report/telemetryReport.ts';
import type { TelemetrySample } from '../../../../../src/core/telemetry/samples/telemetrySamples.ts';
import { escapeHtml } from '../../../../../src/core/text/document.ts';
import { plainMarkdown } from '../../../../../src/core/text/markdown.ts';
import { formatRatio } from '../../../../../src/core/text/quantities.ts';
import { viewOf } from '../../../../support/telemetryPage/viewOf.ts';
import { sample, samplesOf, samplesOfPhases } from '../sampleFixtures.ts';

const generated = fc.record({
  phaseId: fc.integer({ min: 0, max: 60 }).map((phase) => `phase-${phase}`),
  category: fc.constantFrom('docs', 'tests', 'implementation'),
  complexity: fc.constantFrom('low', 'high'),
  predicted: fc.integer({ min: 0, max: 9000 }),
  actual: fc.integer({ min: 0, max: 30_000 }),
  success: fc.boolean(),
  truncated: fc.boolean(),
  model: fc.constantFrom('one', 'other'),
});
const filters = fc.constantFrom(undefined, { ...noFilter, categories: ['docs'] }, { ...noFilter, run: 'no' });
const options = fc.record({ successOnly: fc.boolean(), stratify: fc.boolean() });

describe('figures that page and reports share', () => {
  it('are the same in all of them, whatever the samples, options and filter', () => {
    fc.assert(
      fc.property(
        fc.array(generated, { maxLength: 120 }),
        options,
        filters,
        fc.boolean(),
        (rows, chosen, filter, apart) => {
          const list = rows.map((row, at) => sample(apart ? { ...row, phaseId: `phase-${at}` } : row));
          holdsForAll(list, { ...defaults, ...chosen }, filter);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('name what a truncated sample reached as the bound of a quantile that is not known', () => {
    const cut = Array.from({ length: 4 }, () => sample({ actual: 3150, truncated: true }));
    const { ratios } = viewOf(samplesOf(sample({ actual: 2120 }), ...cut));
    assert.deepEqual(
      ratios?.quantiles.map((quantile) => formatQuantile(quantile, ratios.largest)),
      ['above 3.15 x', 'above 3.15 x', 'above 3.15 x'],
    );
  });

  it('have the exact interval of order statistics on the page too, where each phase has one sample', () => {
    const list = Array.from({ length: 40 }, (_, at) => sample({ phaseId: `${at}`, actual: 500 + 10 * at }));
    const { ratios } = viewOf(samplesOfPhases(...list));
    // Ranks 14 and 27 of 40 (Hahn and Meeker, table A.15).
    assert.deepEqual(ratios?.quantiles[0]?.interval, { low: 0.63, high: 0.76 });
  });
});

function holdsForAll(
  list: readonly TelemetrySample[],
  chosen: typeof defaults,
  filter: typeof noFilter | undefined,
): void {
  const samples = samplesOfPhases(...list);
  const view = viewOf(samples, chosen, filter);
  const question = { withEvidence: true, ...(filter === undefined ? {} : { filter }) };
  const { analysis, ...extras } = telemetryFindings(samples, chosen, question);
  const markdown = renderTelemetryReport(analysis, extras);
  const { html } = renderTelemetryHtml(samples, chosen, question);
  const json = JSON.parse(JSON.stringify({ ...analysis, ...extras })) as typeof extras;
  assert.deepEqual(view.analysis, analysis);
  assert.deepEqual(view.selected, extras.filtered?.selected ?? analysis);
  const ratio = json.evidence?.ratio ?? null;
  assert.equal(view.ratios === null, ratio === null);
  if (view.ratios === null || ratio === null) return;
  const { clean, truncated, largest, quantiles, censored } = view.ratios;
  assert.deepEqual(
    { samples: clean, truncated, largest, quantiles },
    {
      samples: ratio.samples,
      truncated: ratio.truncated,
      largest: ratio.largest,
      quantiles: ratio.quantiles,
    },
  );
  assert.deepEqual(
    censored.map(({ ratio: at, share }) => [at, share]),
    ratio.curve.map(({ ratio: at, exceeding }) => [at, 1 - exceeding]),
  );
  for (const quantile of quantiles) {
    const row = [
      `P${100 * quantile.probability}`,
      formatRatio(quantile.plain),
      formatQuantile(quantile, largest),
    ];
    assert.ok(markdown.includes(`| ${row.map(plainMarkdown).join(' | ')} |`), row.join(' | '));
    assert.ok(html.includes(row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')), row.join(' | '));
  }
}
