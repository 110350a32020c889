import assert from 'node:assert/strict';
import { renderTelemetryHtml } from '../../../../../src/core/telemetry/report/htmlReport.ts';
import { defaultTelemetryOptions as defaults } from '../../../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { scatterPicture } from '../../../../../src/core/telemetry/report/scatterSvg.ts';
import { telemetryFindings } from '../../../../../src/core/telemetry/report/telemetryFindings.ts';
import { renderTelemetryReport } from '../../../../../src/core/telemetry/report/telemetryReport.ts';
import { noFilter } from '../../../../../src/core/telemetry/page/telemetryFilter.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

describe('picture of the chart', () => {
  it('is an SVG document of its own, in which no text of the data becomes markup', () => {
    const points = [{ predicted: 100, actual: 200, truncated: true }];
    const picture = scatterPicture(points, 2, '</title><script>alert("x")</script>\u202e');
    assert.match(picture, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(picture, /<script|\u202e/);
    assert.match(picture, /<title>&lt;\/title&gt;&lt;script&gt;/);
    assert.match(picture, /1 of 2 samples/);
  });
});

describe('HTML report', () => {
  it('needs nothing but itself: no script, nothing from the network', () => {
    const { html } = renderTelemetryHtml(samplesOf(sample(), sample({ truncated: true })), defaults);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|src=|href=|url\(|https?:|@import/i);
    assert.match(html, /default-src 'none'/);
    assert.equal((html.match(/<circle/g) ?? []).length, 1);
    assert.match(html, /2 of 2 samples analyzed/);
  });

  it('lets no text of the data become markup', () => {
    const { html } = renderTelemetryHtml(
      samplesOf(sample({ category: '<script>alert("x")</script>' })),
      defaults,
    );
    assert.doesNotMatch(html, /<script/);
    assert.match(html, /&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;/);
  });

  it('draws a bounded number of many samples, the ones furthest off among them', () => {
    const many = Array.from({ length: 9000 }, (_, index) => sample({ actual: 500 + (index % 900) }));
    const { html } = renderTelemetryHtml(
      samplesOf(...many, sample({ actual: 1_000_000 }), sample({ actual: 1 })),
      defaults,
    );
    const circles = (html.match(/<circle/g) ?? []).length;
    assert.ok(circles >= 2000 && circles <= 2010, String(circles));
    assert.match(html, /of 9,002 samples/);
    assert.match(html, /1,000,000<\/text>/);
  });

  it("is about a filter's samples, says so, and judges the gates by all", () => {
    const list = [sample(), sample({ category: 'docs', actual: 1500 }), sample({ category: 'docs' })];
    const filter = { ...noFilter, categories: ['docs'] };
    const { html, ...counted } = renderTelemetryHtml(samplesOf(...list), defaults, { filter });
    assert.deepEqual(counted, { samples: 2, of: 3 });
    assert.match(html, /<h2>Filter<\/h2>\s*<p>In this report: 2 of 3 samples\. .*<li>category: docs<\/li>/s);
    assert.match(html, /2 of 2 samples analyzed/);
    assert.match(html, /<td>Underestimation<\/td><td>50\.0 %<\/td>/, 'of the two');
    assert.match(html, /<td>Underestimation<\/td><td>33\.3 %<\/td><td>at most 5 %<\/td>/, 'of all');
    assert.equal((html.match(/<circle/g) ?? []).length, 2);
  });

  it('tells what the report in Markdown tells', () => {
    const samples = samplesOf(...Array.from({ length: 30 }, (_, at) => sample({ actual: 600 + 20 * at })));
    const question = { withEvidence: true, suspects: 5 };
    const { analysis, ...extras } = telemetryFindings(samples, defaults, question);
    const { html } = renderTelemetryHtml(samples, defaults, question);
    const cells = renderTelemetryReport(analysis, extras)
      .split('\n')
      .filter((line) => line.startsWith('| ') && /\d/.test(line))
      .flatMap((line) => line.slice(2, -2).split(' | '));
    assert.ok(cells.length > 50);
    for (const cell of cells) assert.ok(html.includes(`>${cell}<`), cell);
    assert.match(html, /<h2>Evidence<\/h2>/);
  });

  it('has no picture where there is nothing to draw', () => {
    assert.doesNotMatch(renderTelemetryHtml(samplesOf(), defaults).html, /<svg/);
  });
});
