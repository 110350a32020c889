import uPlot from 'uplot';
import { formatCount } from '../../core/text/quantities.ts';
import type { OutputLimit } from '../../core/telemetry/page/scatterPoints.ts';
import type { ThemeColors } from './themeColors.ts';

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
  for (const { tokens } of limits) {
    const y = plot.valToPos(tokens, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(`Limit ${formatCount(tokens)} tokens`, bbox.left + bbox.width - 4 * uPlot.pxRatio, y);
  }
  ctx.restore();
}

/** A font for the canvas, whose pixels are the screen's. */
export function scaledFont(font: string): string {
  return font.replace(/^\d+px/, (size) => `${Number.parseInt(size, 10) * uPlot.pxRatio}px`);
}
