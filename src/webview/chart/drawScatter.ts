import uPlot from 'uplot';
import type { ScatterPoint, SampleDensity, OutputLimit } from '../../core/telemetry/page/scatterPoints.ts';
import { sampleQualities } from '../../core/telemetry/samples/sampleQuality.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { placeLabels, type AxisRange } from './chartScale.ts';
import { markers } from './markers.ts';
import type { PlacedPoints } from './pointSearch.ts';
import { categoryColor, type ThemeColors } from './themeColors.ts';

/** Tints where a sample is underestimated, and names both sides of the diagonal. */
export function drawZones(plot: uPlot, tolerance: number, [min, max]: AxisRange, colors: ThemeColors): void {
  const { ctx, bbox } = plot;
  const at = (predicted: number, actual: number): readonly [number, number] => [
    plot.valToPos(predicted, 'x', true),
    plot.valToPos(actual, 'y', true),
  ];
  ctx.save();
  clipTo(ctx, bbox);
  ctx.beginPath();
  ctx.moveTo(...at(min, min * tolerance));
  ctx.lineTo(...at(max, max * tolerance));
  ctx.lineTo(...at(min, max * Math.max(1, tolerance)));
  ctx.closePath();
  ctx.globalAlpha = 0.07;
  ctx.fillStyle = colors.over;
  ctx.fill();
  ctx.globalAlpha = 1;
  const gap = 8 * uPlot.pxRatio;
  ctx.font = scaledFont(colors.font);
  ctx.fillStyle = colors.faint;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.fillText(t`Underestimated`, bbox.left + gap, bbox.top + gap);
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'right';
  ctx.fillText(t`Predicted enough`, bbox.left + bbox.width - gap, bbox.top + bbox.height - gap);
  ctx.restore();
}

/** Draws the points: colour by category, shape by what the sample is worth, evidence on top. */
export function drawPoints(
  plot: uPlot,
  points: readonly ScatterPoint[],
  placed: PlacedPoints,
  colors: ThemeColors,
): void {
  const { ctx, bbox } = plot;
  const paths = sampleQualities.map((quality) => new Path2D(markers[quality].path));
  const palette = new Map<number, string>();
  ctx.save();
  clipTo(ctx, bbox);
  // The diagonal was drawn before, in dashes.
  ctx.setLineDash([]);
  for (const [rank, quality] of sampleQualities.entries()) {
    const path = paths[rank];
    if (path === undefined) continue;
    for (const [at, point] of points.entries()) {
      if (point.quality !== quality) continue;
      const color = palette.get(point.category) ?? categoryColor(point.category);
      palette.set(point.category, color);
      const ratio = uPlot.pxRatio;
      const x = bbox.left + (placed.left[at] ?? 0) * ratio;
      const y = bbox.top + (placed.top[at] ?? 0) * ratio;
      ctx.setTransform(ratio, 0, 0, ratio, x, y);
      ctx.globalAlpha = points.length > 1000 ? 0.55 : 0.85;
      if (markers[quality].filled) {
        ctx.fillStyle = color;
        ctx.fill(path);
        // A rim in the background's colour keeps points apart that touch.
        ctx.strokeStyle = colors.background;
        ctx.lineWidth = 0.7;
      } else {
        ctx.strokeStyle = color;
        ctx.lineWidth = 1.4;
      }
      ctx.stroke(path);
    }
  }
  ctx.restore();
}

function clipTo(ctx: CanvasRenderingContext2D, { left, top, width, height }: uPlot.BBox): void {
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
}

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

/** What a label takes in height, in CSS pixels. */
const labelHeight = 14;

/** Draws common output limits across the plotting area, each with its number; those out of range are left out. */
export function drawLimits(plot: uPlot, limits: readonly OutputLimit[], colors: ThemeColors): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colors.over;
  ctx.fillStyle = colors.faint;
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([2 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  ctx.font = scaledFont(colors.font);
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  const lines = limits
    .map(({ tokens }) => ({ tokens, y: plot.valToPos(tokens, 'y', true) }))
    .filter(({ y }) => y >= bbox.top && y <= bbox.top + bbox.height);
  for (const { y } of lines) {
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  const line = labelHeight * uPlot.pxRatio;
  const ys = placeLabels(
    lines.map(({ y }) => y),
    // Above the name of the lower side of the diagonal.
    { top: bbox.top + line, bottom: bbox.top + bbox.height - 2 * line, height: line },
  );
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * uPlot.pxRatio;
  ctx.strokeStyle = colors.background;
  for (const [at, { tokens }] of lines.entries()) {
    const text = t`Limit ${formatCount(tokens)} tokens`;
    const place = [bbox.left + bbox.width - 4 * uPlot.pxRatio, ys[at] ?? 0] as const;
    // A rim keeps it apart from lines and points behind it.
    ctx.strokeText(text, ...place);
    ctx.fillText(text, ...place);
  }
  ctx.restore();
}

/** A font for the canvas, whose pixels are the screen's. */
function scaledFont(font: string): string {
  return font.replace(/^\d+px/, (size) => `${Number.parseInt(size, 10) * uPlot.pxRatio}px`);
}
