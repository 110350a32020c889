import { qualityWords } from '../../core/telemetry/analysis/nextSteps.ts';
import type { ScatterPoint } from '../../core/telemetry/page/scatterPoints.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { suspicionWords } from '../../core/telemetry/samples/sampleQuality.ts';
import { counted, formatCount, formatRatio } from '../../core/text/quantities.ts';

/** A point in words: the phase, and a line for each thing to know about it. */
export interface PointWords {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Describes a point, for the tooltip and for a screen reader alike. */
export function pointWords(point: ScatterPoint, categories: readonly string[]): PointWords {
  const { predicted, actual, limit, complexity, deliverableCount, model, quality, known } = point;
  const category = categories[point.category] ?? 'unknown';
  const within = limit === null ? '' : `, limit ${formatCount(limit)} tokens`;
  return {
    title: `${point.runId} / ${point.phaseId}`,
    lines: [
      `Predicted ${formatCount(predicted)} tokens, used ${formatCount(actual)}: ${formatRatio(actual / predicted)}${within}`,
      `${category}, ${complexity}, ${counted(deliverableCount, 'deliverable')}, ${model}`,
      ...worth(point),
      ...(known || quality === 'orphaned' ? [] : ['Its phase is not in this database.']),
    ],
  };
}

/** What a sample is worth, where it is no evidence; of a suspect one all reasons. */
function worth({ quality, reasons }: ScatterPoint): string[] {
  if (quality === 'clean') return [];
  if (reasons.length === 0) return [`${quality}: ${qualityWords()[quality]}`];
  return reasons.map((reason) => `${quality}, ${reason}: ${suspicionWords()[reason]}`);
}

/** What the chart shows, in words. */
export function chartWords({ selected, points, drawable, density, limits }: TelemetryView): string {
  const { tier1, options, analysed } = selected;
  const { underMultiplier } = options;
  const more =
    underMultiplier === 1 ? 'more than predicted' : `more than ${underMultiplier} x the prediction`;
  const apart =
    density === null
      ? ''
      : ` Stronger shading means more samples; marks show ${formatCount(points.length)}: those furthest off, and some that lie apart.`;
  const common = limits.map(
    ({ tokens, samples }) => `${formatCount(tokens)} tokens (${counted(samples, 'sample')})`,
  );
  return [
    `${counted(drawable, 'sample')}.${apart}`,
    'Above the diagonal more was used than predicted.',
    `${formatCount(tier1.underestimationCount)} of ${formatCount(analysed)} used ${more}.`,
    ...(common.length === 0 ? [] : [`Output limits sent: ${common.join(', ')}.`]),
  ].join(' ');
}
