import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ScatterPoint } from '../../core/telemetry/telemetryView.ts';
import { axisRange, logTicks, tickLabel } from './chartScale.ts';
import type { AxisRange } from './chartScale.ts';
import { drawPoints, drawZones } from './drawPoints.ts';
import type { PlacedPoints } from './pointSearch.ts';
import { readThemeColors } from './themeColors.ts';

/** What the chart draws. */
export interface ScatterData {
  readonly points: readonly ScatterPoint[];
  /** The tolerance above which a sample is underestimated. */
  readonly underMultiplier: number;
}

/** The library declares a constant enumeration for this, and ships none of its values. */
const logarithmic = { distr: 3 };

/** Pixels a tick needs. */
const tickWidth = 52;
const tickHeight = 30;

/** Predicted against actual tokens on logarithmic axes, with the diagonal. It draws; pointing and keys are the figure's. */
export class ScatterChart {
  readonly #plot: uPlot;
  #data: ScatterData = { points: [], underMultiplier: 1 };
  #range: AxisRange = axisRange([]);
  #colors = readThemeColors();
  #placed: PlacedPoints = { left: new Float64Array(), top: new Float64Array() };

  constructor(container: HTMLElement) {
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
    this.#range = axisRange(data.points.flatMap(({ predicted, actual }) => [predicted, actual]));
    const ends = [...this.#range];
    this.#plot.setData([ends, ends]);
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
    const scale: uPlot.Scale = { time: false, range: () => [...this.#range] };
    Object.assign(scale, logarithmic);
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
      cursor: { show: false },
      padding: [10, 14, 0, 0],
      scales: { x: scale, y: scale },
      series: [{}, diagonal],
      axes: [this.#axis('Predicted tokens', 28, tickWidth), this.#axis('Actual tokens', 42, tickHeight)],
      hooks: {
        drawAxes: [(plot) => drawZones(plot, this.#data.underMultiplier, this.#range, this.#colors)],
        draw: [(plot) => drawPoints(plot, this.#data.points, this.#placed, this.#colors)],
        drawClear: [(plot) => this.#place(plot)],
      },
    };
  }

  #axis(label: string, size: number, pixelsPerTick: number): uPlot.Axis {
    const line = { stroke: () => this.#colors.grid, width: 1 };
    return {
      label,
      labelSize: 22,
      size,
      font: this.#colors.font,
      labelFont: this.#colors.font,
      stroke: () => this.#colors.text,
      grid: line,
      ticks: { ...line, size: 4 },
      border: { show: true, ...line },
      splits: (plot, axis) => {
        const pixels = axis === 0 ? plot.bbox.width : plot.bbox.height;
        return logTicks(this.#range, Math.max(2, Math.floor(pixels / uPlot.pxRatio / pixelsPerTick)));
      },
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map(tickLabel),
    };
  }

  #place(plot: uPlot): void {
    const { points } = this.#data;
    this.#placed = {
      left: Float64Array.from(points, ({ predicted }) => plot.valToPos(predicted, 'x')),
      top: Float64Array.from(points, ({ actual }) => plot.valToPos(actual, 'y')),
    };
  }
}
