import { toHtml } from '../../text/document.ts';
import { isAnalysed } from '../analysis/analyseTelemetry.ts';
import type { TelemetryOptions } from '../analysis/telemetryAnalysis.ts';
import type { LogFacts } from '../logs/reconcileLogs.ts';
import { markedSamples } from '../page/scatterPoints.ts';
import { sampleTest } from '../page/telemetryFilter.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { scatterSvg, type DrawnSample } from './scatterSvg.ts';
import { telemetryFindings, type FindingsQuestion } from './telemetryFindings.ts';
import { telemetryDocument } from './telemetryReport.ts';

/** The most samples a page draws, so that it stays small. */
const mostDrawn = 2000;

/** A report as one HTML page. */
export interface HtmlReport {
  readonly html: string;
  /** How many samples it is about, of how many. */
  readonly samples: number;
  readonly of: number;
}

/**
 * The report as one HTML page that needs nothing else, with a picture of the analysed samples that the filter leaves; it
 * tells what the one in Markdown does.
 */
export function renderTelemetryHtml(
  samples: TelemetrySamples,
  options: TelemetryOptions,
  question: FindingsQuestion = {},
  logs?: LogFacts,
): HtmlReport {
  const { filter } = question;
  const passes = filter === undefined ? () => true : sampleTest(samples, filter);
  const { analysis, ...extras } = telemetryFindings(samples, options, question);
  const drawable: number[] = [];
  for (let at = 0; at < samples.count; at += 1) {
    const isPositive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
    if (isPositive && isAnalysed(samples, at, options) && passes(at)) drawable.push(at);
  }
  const figure =
    drawable.length === 0 ? '' : figureOf(scatterSvg(choose(samples, drawable), drawable.length));
  const html = toHtml(telemetryDocument(analysis, logs === undefined ? extras : { ...extras, logs }), figure);
  return { html, samples: (extras.filtered?.selected ?? analysis).samples, of: analysis.samples };
}

function figureOf({ svg, caption }: ReturnType<typeof scatterSvg>): string {
  return `<figure>\n${svg}\n<figcaption>${caption}</figcaption>\n</figure>`;
}

/** All of them, or a bounded number with those furthest off. */
function choose(samples: TelemetrySamples, drawable: readonly number[]): readonly DrawnSample[] {
  return Array.from(markedSamples(samples, Uint32Array.from(drawable), mostDrawn), (at) => ({
    predicted: samples.predicted[at] ?? 1,
    actual: samples.actual[at] ?? 1,
    truncated: samples.truncated[at] === 1,
  }));
}
