import uPlot from 'uplot';
import type { RatioCurves } from '../../core/telemetry/page/ratioCurves.ts';
import type { RatioTrend } from '../../core/telemetry/page/ratioTrend.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount, formatPercent, formatRatio } from '../../core/text/quantities.ts';
import { formatDate, formatMinute } from '../../core/text/times.ts';
import { axisStyle, logarithmicScale, logarithmicTicks } from './axisStyle.ts';
import { axisRange, type AxisRange } from './chartScale.ts';
import { LineFigure, type LineStop } from './lineFigure.ts';
import type { ThemeColors } from './themeColors.ts';

/** The distribution of actual / predicted: the plain curve, and the one that takes truncated samples as lower bounds. */
export class RatioFigure {
  readonly #figure = new LineFigure({
    id: 'ratios',
    label: t`Share of calls that need at most a multiple of their prediction.`,
    keys: [
      { mark: 'stroke category-0', name: t`Truncated as lower bounds, 95 %` },
      { mark: 'stroke dashed category-1', name: t`Clean samples alone` },
      { mark: 'stroke tick category-0', name: t`A truncated sample` },
    ],
    plot: (colors) => this.#plot(colors),
  });
  #curves: RatioCurves | null = null;
  #range: AxisRange = axisRange([]);

  get node(): HTMLElement {
    return this.#figure.node;
  }

  show(curves: RatioCurves): void {
    if (curves === this.#curves) return;
    this.#curves = curves;
    const { plain, censored, cutOff } = curves;
    const end = Math.max(plain.at(-1)?.ratio ?? 1, cutOff.at(-1) ?? 1);
    this.#range = axisRange([...plain.map(({ ratio }) => ratio), end, 1]);
    const last = censored.at(-1);
    const data = alignRows([
      ...plain.map(({ ratio, share }) => [ratio, null, null, null, share]),
      ...censored.map(({ ratio, share, low, high }) => [ratio, share, low, high, null]),
      // Both curves go on to the end of what was seen.
      [end, last?.share ?? null, last?.low ?? null, last?.high ?? null, 1],
    ]);
    this.#figure.show(data, stops(curves), words(curves));
  }

  #plot(colors: () => ThemeColors): Omit<uPlot.Options, 'width' | 'height'> {
    const range = (): AxisRange => this.#range;
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    const line = (index: 0 | 1, extra: Partial<uPlot.Series> = {}): uPlot.Series => ({
      stroke: () => colors().lines[index],
      width: 2,
      spanGaps: true,
      points: { show: false },
      ...(stepped === undefined ? {} : { paths: stepped }),
      ...extra,
    });
    const edge = line(0, { width: 0 });
    return {
      legend: { show: false },
      cursor: { show: false },
      padding: [10, 14, 0, 0],
      scales: { x: logarithmicScale(range), y: { range: [0, 1] } },
      series: [{}, line(0), edge, edge, line(1, { dash: [6, 4], width: 1.5 })],
      bands: [{ series: [3, 2], fill: () => `color-mix(in srgb, ${colors().lines[0]} 22%, transparent)` }],
      axes: [
        {
          ...axisStyle(colors, t`Actual / predicted (x)`, 28),
          ...logarithmicTicks(range, 44, (value) => String(Number(value.toPrecision(3)))),
        },
        {
          ...axisStyle(colors, t`Share of calls`, 46),
          values: (_, splits) => splits.map((share) => `${Math.round(100 * share)} %`),
        },
      ],
      hooks: {
        drawAxes: [(plot) => drawEven(plot, 'x', colors())],
        draw: [(plot) => this.#curves !== null && drawCutOff(plot, this.#curves, colors())],
      },
    };
  }
}

function stops({ plain, censored }: RatioCurves): LineStop[] {
  let at = 0;
  return censored.map(({ ratio, share, low, high }) => {
    while ((plain[at + 1]?.ratio ?? Infinity) <= ratio) at += 1;
    const alone = plain[at]?.share ?? 0;
    const interval = t`${formatPercent(100 * low)} to ${formatPercent(100 * high)}`;
    const title = t`At most ${formatRatio(ratio)} of the prediction`;
    const lines = [
      t`${formatPercent(100 * share)} of calls (${interval})`,
      t`${formatPercent(100 * alone)} of clean samples alone`,
    ];
    return { x: ratio, y: share, words: { title, lines } };
  });
}

function words({ clean, truncated }: RatioCurves): string {
  const base = `${counted(clean, 'clean sample')}, ${counted(truncated, 'truncated sample')}.`;
  const bias =
    truncated === 0
      ? t`Nothing was cut off, so both curves are one.`
      : t`Where the curve that counts truncated samples lies lower, leaving them out would promise too much.`;
  return [base, t`Right of 1 more was used than predicted.`, bias].join(' ');
}

/** actual / predicted over time, with its running median. */
export class TrendFigure {
  readonly #figure = new LineFigure({
    id: 'trend',
    label: t`Running median of actual / predicted over time.`,
    keys: [
      { mark: 'stroke category-0', name: t`Running median` },
      { mark: 'dot', name: t`A clean sample` },
    ],
    plot: (colors) => this.#plot(colors),
  });
  #trend: RatioTrend | null = null;
  #range: AxisRange = axisRange([]);

  get node(): HTMLElement {
    return this.#figure.node;
  }

  show(trend: RatioTrend): void {
    if (trend === this.#trend) return;
    this.#trend = trend;
    const { ratios, medians, window, samples } = trend;
    this.#range = axisRange([...ratios.map(({ ratio }) => ratio), 1]);
    const data = alignRows([
      ...ratios.map(({ at, ratio }) => [at, ratio, null]),
      ...medians.map(({ at, ratio }) => [at, null, ratio]),
    ]);
    const stops = medians.map(({ at, ratio }) => ({
      x: at,
      y: ratio,
      words: { title: formatMinute(at), lines: [t`Median of ${window}: ${formatRatio(ratio)}`] },
    }));
    const some =
      ratios.length < samples
        ? [t`Dots are ${formatCount(ratios.length)} of them, those furthest off among them.`]
        : [];
    const words = [
      t`${counted(samples, 'clean sample')} with a time.`,
      ...some,
      t`Each median is over ${window} neighbours. Above 1 more was used than predicted.`,
    ];
    this.#figure.show(data, stops, words.join(' '));
  }

  #plot(colors: () => ThemeColors): Omit<uPlot.Options, 'width' | 'height'> {
    const range = (): AxisRange => this.#range;
    return {
      ms: 1,
      legend: { show: false },
      cursor: { show: false },
      padding: [10, 14, 0, 0],
      scales: { x: { time: true }, y: logarithmicScale(range) },
      series: [
        {},
        {
          paths: () => null,
          points: { show: true, size: 4, width: 0, fill: () => colors().faint },
        },
        { stroke: () => colors().lines[0], width: 2, spanGaps: true, points: { show: false } },
      ],
      axes: [
        {
          ...axisStyle(colors, t`Time`, 28),
          space: 96,
          values: (_, splits, __, ___, step) => splits.map((at) => tickTime(at, step)),
        },
        {
          ...axisStyle(colors, t`Actual / predicted (x)`, 42),
          ...logarithmicTicks(range, 30, (value) => String(Number(value.toPrecision(3)))),
        },
      ],
      hooks: { drawAxes: [(plot) => drawEven(plot, 'y', colors())] },
    };
  }
}

/** A tick of an axis whose ticks are `step` ms apart: a day, or a time of a day. */
function tickTime(at: number, step: number): string {
  return step >= 86_400_000 ? formatDate(at) : formatMinute(at).slice(5);
}

/** Half the height of a tick, in CSS pixels. */
const tickReach = 5;

/** Draws the line on which prediction and use agree. */
function drawEven(plot: uPlot, axis: 'x' | 'y', colors: ThemeColors): void {
  const { ctx, bbox } = plot;
  const place = plot.valToPos(1, axis, true);
  ctx.save();
  ctx.strokeStyle = colors.faint;
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  ctx.beginPath();
  if (axis === 'x') {
    ctx.moveTo(place, bbox.top);
    ctx.lineTo(place, bbox.top + bbox.height);
  } else {
    ctx.moveTo(bbox.left, place);
    ctx.lineTo(bbox.left + bbox.width, place);
  }
  ctx.stroke();
  ctx.restore();
}

/** Marks on the curve where samples were cut off, as is the custom with censored curves. */
function drawCutOff(plot: uPlot, { cutOff, censored }: RatioCurves, colors: ThemeColors): void {
  const { ctx } = plot;
  const reach = tickReach * uPlot.pxRatio;
  let at = -1;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = colors.lines[0];
  ctx.lineWidth = 1.5 * uPlot.pxRatio;
  ctx.beginPath();
  for (const ratio of cutOff) {
    while ((censored[at + 1]?.ratio ?? Infinity) <= ratio) at += 1;
    const x = plot.valToPos(ratio, 'x', true);
    const y = plot.valToPos(censored[at]?.share ?? 0, 'y', true);
    ctx.moveTo(x, y - reach);
    ctx.lineTo(x, y + reach);
  }
  ctx.stroke();
  ctx.restore();
}

/** One x with a value for each series, or `null` where a series has none there. */
export type AlignedRow = readonly (number | null)[];

/** Rows as the chart library wants them: sorted by x, and turned into columns. An x may occur more than once. */
function alignRows(rows: readonly AlignedRow[]): uPlot.AlignedData {
  const sorted = [...rows].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const xs = sorted.map(([x]) => x ?? 0);
  const series = (sorted[0] ?? []).slice(1).map((_, at) => sorted.map((row) => row[at + 1] ?? null));
  return [xs, ...series];
}
