import uPlot from 'uplot';
import { formatRatio } from '../../core/text/formatFigures.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import type { RatioTrend } from '../../core/telemetry/page/ratioTrend.ts';
import { alignRows } from './alignRows.ts';
import { axisStyle, logarithmicScale, logarithmicTicks } from './axisStyle.ts';
import { axisRange, type AxisRange } from './chartScale.ts';
import { drawEven } from './drawRatios.ts';
import { LineFigure } from './lineFigure.ts';
import type { ThemeColors } from './themeColors.ts';
import { timeText } from './timeText.ts';

/** actual / predicted over time, with its running median. */
export class TrendFigure {
  readonly #figure = new LineFigure({
    id: 'trend',
    label: 'Running median of actual / predicted over time.',
    keys: [
      { mark: 'stroke category-0', name: 'Running median' },
      { mark: 'dot', name: 'A clean sample' },
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
      words: { title: timeText(at), lines: [`Median of ${window}: ${formatRatio(ratio)}`] },
    }));
    const some =
      ratios.length < samples
        ? ` Dots are ${formatCount(ratios.length)} of them, those furthest off among them.`
        : '';
    const words = `${counted(samples, 'clean sample')} with a time.${some} Each median is over ${window} neighbours. Above 1 more was used than predicted.`;
    this.#figure.show(data, stops, words);
  }

  #plot(colors: () => ThemeColors): Omit<uPlot.Options, 'width' | 'height'> {
    const range = (): AxisRange => this.#range;
    return {
      ms: 1,
      // As the times are stored and told elsewhere on the page.
      tzDate: (time) => uPlot.tzDate(new Date(time), 'Etc/UTC'),
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
          ...axisStyle(colors, 'Time (UTC)', 28),
          space: 96,
          values: (_, splits, __, ___, step) => splits.map((at) => tickTime(at, step)),
        },
        {
          ...axisStyle(colors, 'Actual / predicted (x)', 42),
          ...logarithmicTicks(range, 30, (value) => String(Number(value.toPrecision(3)))),
        },
      ],
      hooks: { drawAxes: [(plot) => drawEven(plot, 'y', colors())] },
    };
  }
}

/** A tick of an axis whose ticks are `step` ms apart: a day, or a time of a day. */
function tickTime(at: number, step: number): string {
  const iso = new Date(at).toISOString();
  return step >= 86_400_000 ? iso.slice(0, 10) : iso.slice(5, 16).replace('T', ' ');
}
