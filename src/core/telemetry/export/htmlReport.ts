import { analyseTelemetry, isAnalysed } from '../analyseTelemetry.ts';
import { toHtml } from '../document/toHtml.ts';
import type { TelemetryOptions } from '../telemetryAnalysis.ts';
import { telemetryDocument } from '../telemetryReport.ts';
import type { ReportExtras } from '../telemetryReport.ts';
import type { TelemetrySamples } from '../telemetrySamples.ts';
import { scatterSvg } from './scatterSvg.ts';
import type { DrawnSample } from './scatterSvg.ts';

/** The most samples a page draws, so that it stays small. */
const mostDrawn = 2000;

/** The report as one HTML page that needs nothing else, with a picture of the analysed samples. */
export function renderTelemetryHtml(
  samples: TelemetrySamples,
  options: TelemetryOptions,
  extras: ReportExtras = {},
): string {
  const analysis = analyseTelemetry(samples, options);
  const drawable: number[] = [];
  for (let at = 0; at < samples.count; at += 1) {
    const isPositive = (samples.predicted[at] ?? 0) > 0 && (samples.actual[at] ?? 0) > 0;
    if (isPositive && isAnalysed(samples, at, options)) drawable.push(at);
  }
  const figure = drawable.length === 0 ? '' : scatterSvg(choose(samples, drawable), drawable.length);
  return toHtml(telemetryDocument(analysis, extras), figure);
}

/** All of them, or evenly many of them, and always the two that are furthest off. */
function choose(samples: TelemetrySamples, drawable: readonly number[]): readonly DrawnSample[] {
  const ratio = (at: number): number => (samples.actual[at] ?? 1) / (samples.predicted[at] ?? 1);
  const step = Math.max(1, drawable.length / mostDrawn);
  const chosen = new Set<number>();
  for (let at = 0; at < drawable.length; at += step) chosen.add(drawable[Math.floor(at)] ?? 0);
  chosen.add(drawable.reduce((most, at) => (ratio(at) > ratio(most) ? at : most)));
  chosen.add(drawable.reduce((least, at) => (ratio(at) < ratio(least) ? at : least)));
  return [...chosen].map((at) => ({
    predicted: samples.predicted[at] ?? 1,
    actual: samples.actual[at] ?? 1,
    truncated: samples.truncated[at] === 1,
  }));
}
