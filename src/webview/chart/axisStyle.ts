import uPlot from 'uplot';
import { logTicks, tickLabel } from './chartScale.ts';
import type { AxisRange } from './chartScale.ts';
import type { ThemeColors } from './themeColors.ts';

/** An axis in the colours of the theme; `size` is in pixels, across the axis. */
export function axisStyle(colors: () => ThemeColors, label: string, size: number): uPlot.Axis {
  const line = { stroke: () => colors().grid, width: 1 };
  return {
    label,
    labelSize: 22,
    size,
    font: colors().font,
    labelFont: colors().font,
    stroke: () => colors().text,
    grid: line,
    ticks: { ...line, size: 4 },
    border: { show: true, ...line },
  };
}

/** The ticks of a logarithmic axis, as many as there is room for; `pixels` is what one needs. */
export function logarithmicTicks(
  range: () => AxisRange,
  pixels: number,
  label: (value: number) => string = tickLabel,
): Pick<uPlot.Axis, 'splits' | 'filter' | 'values'> {
  return {
    splits: (plot, axis) => {
      const length = axis === 0 ? plot.bbox.width : plot.bbox.height;
      return logTicks(range(), Math.max(2, Math.floor(length / uPlot.pxRatio / pixels)));
    },
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map(label),
  };
}

/** A logarithmic scale over a range that may change with the data. */
export function logarithmicScale(range: () => AxisRange): uPlot.Scale {
  const scale: uPlot.Scale = { time: false, range: () => [...range()] };
  // The library declares a constant enumeration for this, and ships none of its values.
  Object.assign(scale, { distr: 3 });
  return scale;
}
