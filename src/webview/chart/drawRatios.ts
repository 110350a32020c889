import uPlot from 'uplot';
import type { RatioCurves } from '../../core/telemetry/page/ratioCurves.ts';
import type { ThemeColors } from './themeColors.ts';

/** Half the height of a tick, in CSS pixels. */
const tickReach = 5;

/** Draws the line on which prediction and use agree. */
export function drawEven(plot: uPlot, axis: 'x' | 'y', colors: ThemeColors): void {
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
export function drawCutOff(plot: uPlot, { cutOff, censored }: RatioCurves, colors: ThemeColors): void {
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
