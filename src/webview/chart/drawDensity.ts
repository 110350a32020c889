import type uPlot from 'uplot';
import type { SampleDensity } from '../../core/telemetry/page/scatterPoints.ts';
import type { ThemeColors } from './themeColors.ts';

/** The faintest shade of a cell that holds anything, and the strongest. */
const faintest = 0.1;
const strongest = 0.75;

/** Shades each cell by the logarithm of its samples, so that a thousand do not hide ten. */
export function drawDensity(plot: uPlot, density: SampleDensity, colors: ThemeColors): void {
  const { ctx } = plot;
  const edge = (index: number, axis: 'x' | 'y'): number =>
    plot.valToPos(density.min * density.step ** index, axis, true);
  const most = Math.log(density.counts.reduce((max, count) => Math.max(max, count), 2));
  ctx.save();
  ctx.fillStyle = colors.density;
  for (const [index, count] of density.counts.entries()) {
    const [column, row] = [density.columns[index] ?? 0, density.rows[index] ?? 0];
    const [left, right] = [edge(column, 'x'), edge(column + 1, 'x')];
    const [bottom, top] = [edge(row, 'y'), edge(row + 1, 'y')];
    ctx.globalAlpha = faintest + (strongest - faintest) * (Math.log(count) / most);
    ctx.fillRect(left, top, right - left, bottom - top);
  }
  ctx.restore();
}
