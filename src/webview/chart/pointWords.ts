import { qualityWords } from '../../core/telemetry/analysis/nextSteps.ts';
import type { ScatterPoint } from '../../core/telemetry/page/scatterPoints.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { suspicionWords } from '../../core/telemetry/samples/sampleQuality.ts';
import { qualityName, reasonName } from '../../core/telemetry/page/sampleWords.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount, formatRatio } from '../../core/text/quantities.ts';

/** A point in words: the phase, and a line for each thing to know about it. */
export interface PointWords {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Describes a point, for the tooltip and for a screen reader alike. */
export function pointWords(point: ScatterPoint, categories: readonly string[]): PointWords {
  const { predicted, actual, limit, complexity, deliverableCount, model, quality, known } = point;
  const category = categories[point.category] ?? t`unknown`;
  const [before, used, ratio] = [
    formatCount(predicted),
    formatCount(actual),
    formatRatio(actual / predicted),
  ];
  return {
    title: `${point.runId} / ${point.phaseId}`,
    lines: [
      limit === null
        ? t`Predicted ${before} tokens, used ${used}: ${ratio}`
        : t`Predicted ${before} tokens, used ${used}: ${ratio}, limit ${formatCount(limit)} tokens`,
      `${category}, ${complexity}, ${counted(deliverableCount, 'deliverable')}, ${model}`,
      ...worth(point),
      ...(known || quality === 'orphaned' ? [] : [t`Its phase is not in this database.`]),
    ],
  };
}

/** What a sample is worth, where it is no evidence; of a suspect one all reasons. */
function worth({ quality, reasons }: ScatterPoint): string[] {
  if (quality === 'clean') return [];
  if (reasons.length === 0) return [`${qualityName(quality)}: ${qualityWords()[quality]}`];
  return reasons.map(
    (reason) => `${qualityName(quality)}, ${reasonName(reason)}: ${suspicionWords()[reason]}`,
  );
}

/** What the chart shows, in words. */
export function chartWords({ selected, points, drawable, density, limits }: TelemetryView): string {
  const { tier1, options, analysed } = selected;
  const { underMultiplier } = options;
  const [under, all] = [formatCount(tier1.underestimationCount), formatCount(analysed)];
  const apart =
    density === null
      ? ''
      : t` Stronger shading means more samples; marks show ${formatCount(points.length)}: those furthest off, and some that lie apart.`;
  const common = limits.map(
    ({ tokens, samples }) => t`${formatCount(tokens)} tokens (${counted(samples, 'sample')})`,
  );
  return [
    `${counted(drawable, 'sample')}.${apart}`,
    t`Above the diagonal more was used than predicted.`,
    underMultiplier === 1
      ? t`${under} of ${all} used more than predicted.`
      : t`${under} of ${all} used more than ${underMultiplier} x the prediction.`,
    ...(common.length === 0 ? [] : [t`Output limits sent: ${common.join(', ')}.`]),
  ].join(' ');
}
