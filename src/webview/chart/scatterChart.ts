import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { OutputLimit, SampleDensity, ScatterPoint } from '../../core/telemetry/page/scatterPoints.ts';
import type { TokenRange } from '../../core/telemetry/page/telemetryFilter.ts';
import { t } from '../../core/text/l10n.ts';
import { axisRange, type AxisRange } from './chartScale.ts';
import { axisStyle, logarithmicScale, logarithmicTicks } from './axisStyle.ts';
import { cellAt, type DensityCell, type PlacedPoints } from './pointSearch.ts';
import { drawDensity, drawLimits, drawPoints, drawZones } from './drawScatter.ts';
import { readThemeColors, type ThemeColors } from './themeColors.ts';

/** What the chart draws. */
export interface ScatterData {
  readonly points: readonly ScatterPoint[];
  /** Where the others lie, if `points` are not all. */
  readonly density: SampleDensity | null;
  readonly limits: readonly OutputLimit[];
  /** The tolerance above which a sample is underestimated. */
  readonly underMultiplier: number;
}

/** What a person dragged over, in tokens. */
export interface BrushedRegion {
  readonly predicted: TokenRange;
  readonly actual: TokenRange;
}

/** Pixels a tick needs. */
const tickWidth = 52;
const tickHeight = 30;
/** Pixels the pointer must go before it is a drag and no click. */
const leastDrag = 6;

/** Predicted against actual tokens on logarithmic axes, with the diagonal. It draws; pointing and keys are the figure's. */
export class ScatterChart {
  readonly #plot: uPlot;
  #data: ScatterData = { points: [], density: null, limits: [], underMultiplier: 1 };
  #range: AxisRange = axisRange([]);
  #colors = readThemeColors();
  #placed: PlacedPoints = { left: new Float64Array(), top: new Float64Array() };

  readonly #brushed: (region: BrushedRegion) => void;

  constructor(container: HTMLElement, brushed: (region: BrushedRegion) => void) {
    this.#brushed = brushed;
    this.#plot = new uPlot(this.#options(), [[], []], container);
  }

  /** The plotting area, above the canvas: what points are placed in. */
  get area(): HTMLElement {
    return this.#plot.over;
  }

  /** Where the points are, in pixels of the plotting area. */
  get placed(): PlacedPoints {
    return this.#placed;
  }

  show(data: ScatterData): void {
    this.#data = data;
    this.#range = axisRange(extent(data));
    const ends = [...this.#range];
    this.#plot.setData([ends, ends]);
  }

  /** What a shade at a place in the plotting area stands for. */
  cellAt(left: number, top: number): DensityCell | null {
    if (this.#data.density === null) return null;
    return cellAt(this.#data.density, this.#plot.posToVal(left, 'x'), this.#plot.posToVal(top, 'y'));
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height });
  }

  /** Draws again in the colours of the theme now in force. */
  repaint(): void {
    this.#colors = readThemeColors();
    this.#plot.redraw(false, true);
  }

  #options(): uPlot.Options {
    const range = (): AxisRange => this.#range;
    const colors = (): ThemeColors => this.#colors;
    const scale = logarithmicScale(range);
    const diagonal: uPlot.Series = {
      stroke: () => this.#colors.faint,
      width: 1,
      dash: [6, 4],
      points: { show: false },
    };
    return {
      width: 600,
      height: 400,
      legend: { show: false },
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: true, setScale: false, dist: leastDrag },
      },
      padding: [10, 14, 0, 0],
      scales: { x: scale, y: scale },
      series: [{}, diagonal],
      axes: [
        { ...axisStyle(colors, t`Predicted tokens`, 28), ...logarithmicTicks(range, tickWidth) },
        { ...axisStyle(colors, t`Actual tokens`, 42), ...logarithmicTicks(range, tickHeight) },
      ],
      hooks: {
        drawAxes: [
          (plot) => drawZones(plot, this.#data.underMultiplier, this.#range, this.#colors),
          (plot) => this.#data.density !== null && drawDensity(plot, this.#data.density, this.#colors),
        ],
        draw: [
          (plot) => drawLimits(plot, this.#data.limits, this.#colors),
          (plot) => drawPoints(plot, this.#data.points, this.#placed, this.#colors),
        ],
        setSelect: [(plot) => this.#select(plot)],
        drawClear: [(plot) => this.#place(plot)],
      },
    };
  }

  #select(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    if (width < leastDrag || height < leastDrag) return;
    const tokens = (from: number, to: number, axis: 'x' | 'y'): TokenRange => ({
      from: Math.round(plot.posToVal(from, axis)),
      to: Math.round(plot.posToVal(to, axis)),
    });
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#brushed({
      predicted: tokens(left, left + width, 'x'),
      actual: tokens(top + height, top, 'y'),
    });
  }

  #place(plot: uPlot): void {
    const { points } = this.#data;
    this.#placed = {
      left: Float64Array.from(points, ({ predicted }) => plot.valToPos(predicted, 'x')),
      top: Float64Array.from(points, ({ actual }) => plot.valToPos(actual, 'y')),
    };
  }
}

function extent({ points, density }: ScatterData): number[] {
  const numbers = points.flatMap(({ predicted, actual }) => [predicted, actual]);
  if (density === null) return numbers;
  const cells = [...density.columns, ...density.rows];
  const last = cells.reduce((most, cell) => Math.max(most, cell), 0);
  return [...numbers, density.min, density.min * density.step ** (last + 1)];
}
