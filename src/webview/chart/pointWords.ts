import { countOf, formatCount, formatRatio } from '../../core/telemetry/formatFigures.ts';
import { qualityWords } from '../../core/telemetry/nextSteps.ts';
import type { ScatterPoint, TelemetryView } from '../../core/telemetry/telemetryView.ts';

/** A point in words: the phase, and a line for each thing to know about it. */
export interface PointWords {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Describes a point, for the tooltip and for a screen reader alike. */
export function pointWords(point: ScatterPoint, categories: readonly string[]): PointWords {
  const { predicted, actual, complexity, deliverableCount, model, quality, known } = point;
  const category = categories[point.category] ?? 'unknown';
  return {
    title: `${point.runId} / ${point.phaseId}`,
    lines: [
      `Predicted ${formatCount(predicted)}, used ${formatCount(actual)}: ${formatRatio(actual / predicted)}`,
      `${category}, ${complexity}, ${countOf(deliverableCount, 'deliverable')}, ${model}`,
      ...(quality === 'clean' ? [] : [`${quality}: ${qualityWords[quality]}`]),
      ...(known || quality === 'orphaned' ? [] : ['Its phase is not in this database.']),
    ],
  };
}

/** What the chart shows, in words; `hidden` are the categories left out of it. */
export function chartWords(view: TelemetryView, hidden: ReadonlySet<string>): string {
  const { analysis, points, drawable, categories } = view;
  const { tier1, options } = analysis;
  const { underMultiplier } = options;
  const more =
    underMultiplier === 1 ? 'more than predicted' : `more than ${underMultiplier} x the prediction`;
  const left = categories.filter((name) => hidden.has(name));
  return [
    drawable > points.length
      ? `An even selection of ${formatCount(points.length)} of ${countOf(drawable, 'sample')}.`
      : `${countOf(drawable, 'sample')}.`,
    ...(left.length > 0 ? [`Hidden: ${left.join(', ')}.`] : []),
    'Above the diagonal more was used than predicted.',
    `${formatCount(tier1.underestimationCount)} of ${formatCount(analysis.analysed)} used ${more}.`,
  ].join(' ');
}
