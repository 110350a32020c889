import uPlot from 'uplot';
import { formatPercent, formatRatio } from '../../core/text/formatFigures.ts';
import { counted } from '../../core/text/quantities.ts';
import type { RatioCurves } from '../../core/telemetry/page/ratioCurves.ts';
import { axisStyle, logarithmicScale, logarithmicTicks } from './axisStyle.ts';
import { axisRange, type AxisRange } from './chartScale.ts';
import { alignRows } from './alignRows.ts';
import { drawCutOff, drawEven } from './drawRatios.ts';
import { LineFigure, type LineStop } from './lineFigure.ts';
import type { ThemeColors } from './themeColors.ts';

/** The distribution of actual / predicted: the plain curve, and the one that takes truncated samples as lower bounds. */
export class RatioFigure {
  readonly #figure = new LineFigure({
    id: 'ratios',
    label: 'Share of calls that need at most a multiple of their prediction.',
    keys: [
      { mark: 'stroke category-0', name: 'Truncated as lower bounds, 95 %' },
      { mark: 'stroke dashed category-1', name: 'Clean samples alone' },
      { mark: 'stroke tick category-0', name: 'A truncated sample' },
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
          ...axisStyle(colors, 'Actual / predicted (x)', 28),
          ...logarithmicTicks(range, 44, (value) => String(Number(value.toPrecision(3)))),
        },
        {
          ...axisStyle(colors, 'Share of calls', 46),
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
    const interval = `${formatPercent(100 * low)} to ${formatPercent(100 * high)}`;
    const title = `At most ${formatRatio(ratio)} of the prediction`;
    const lines = [
      `${formatPercent(100 * share)} of calls (${interval})`,
      `${formatPercent(100 * alone)} of clean samples alone`,
    ];
    return { x: ratio, y: share, words: { title, lines } };
  });
}

function words({ clean, truncated }: RatioCurves): string {
  const base = `${counted(clean, 'clean sample')}, ${counted(truncated, 'truncated sample')}.`;
  const bias =
    truncated === 0
      ? 'Nothing was cut off, so both curves are one.'
      : 'Where the curve that counts truncated samples lies lower, leaving them out would promise too much.';
  return `${base} Right of 1 more was used than predicted. ${bias}`;
}
