import { escapeHtml } from '../../text/document.ts';
import { t } from '../../text/l10n.ts';
import { counted, formatCount } from '../../text/quantities.ts';

/** A sample in the picture. Output tokens, both positive. */
export interface DrawnSample {
  readonly predicted: number;
  readonly actual: number;
  readonly truncated: boolean;
}

const width = 640;
const height = 480;
const margin = { left: 70, right: 32, top: 20, bottom: 50 };

/** What the axes can show. Other samples are left out of the picture. */
function isDrawable({ predicted, actual }: DrawnSample): boolean {
  return [predicted, actual].every((tokens) => tokens >= 1e-3 && tokens <= 1e12);
}

/** Predicted against actual tokens on logarithmic axes, as an SVG figure without script; above the diagonal is underestimated. */
export function scatterSvg(
  given: readonly DrawnSample[],
  total: number,
): { readonly svg: string; readonly caption: string } {
  const samples = given.filter(isDrawable);
  let [least, most] = samples.length === 0 ? [100, 10_000] : [Infinity, 0];
  for (const { predicted, actual } of samples) {
    least = Math.min(least, predicted, actual);
    most = Math.max(most, predicted, actual);
  }
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const part = (value: number): number => (Math.log10(value) - low) / (high - low);
  const x = (value: number): string =>
    (margin.left + part(value) * (width - margin.left - margin.right)).toFixed(1);
  const y = (value: number): string =>
    (height - margin.bottom - part(value) * (height - margin.top - margin.bottom)).toFixed(1);
  [least, most] = [10 ** low, 10 ** high];
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const under = samples.filter(({ predicted, actual }) => actual > predicted).length;
  const drawn =
    samples.length === total
      ? counted(total, 'sample')
      : t`${formatCount(samples.length)} of ${counted(total, 'sample')}`;
  const caption = t`${drawn}; ${formatCount(under)} of those drawn lie above the diagonal: they used more than predicted. Triangles were cut off.`;
  const svg = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${t`Predicted against actual output tokens`}. ${caption}" font-size="12" fill="currentColor">
<g stroke="currentColor" stroke-opacity=".2">${ticks
    .map((tick) => `<path d="M${x(tick)} ${y(least)}V${y(most)}M${x(least)} ${y(tick)}H${x(most)}"/>`)
    .join('')}</g>
<path d="M${x(least)} ${y(least)}L${x(most)} ${y(most)}" stroke="currentColor" stroke-dasharray="5 4"/>
<g text-anchor="middle">${ticks.map((tick) => `<text x="${x(tick)}" y="${height - margin.bottom + 18}">${formatCount(tick)}</text>`).join('')}<text x="${(width + margin.left - margin.right) / 2}" y="${height - 10}">${t`Predicted output tokens`}</text><text transform="translate(14 ${(height - margin.bottom + margin.top) / 2}) rotate(-90)">${t`Actual output tokens`}</text></g>
<g text-anchor="end">${ticks.map((tick) => `<text x="${margin.left - 8}" y="${y(tick)}" dy="4">${formatCount(tick)}</text>`).join('')}</g>
<g fill="#3b82c4" fill-opacity=".6">
${samples.map((sample) => mark(x(sample.predicted), y(sample.actual), sample.truncated)).join('\n')}
</g>
</svg>`;
  return { svg, caption };
}

/** {@link scatterSvg} as a standalone SVG document, on white, under a title of any text. */
export function scatterPicture(given: readonly DrawnSample[], total: number, title: string): string {
  const { svg, caption } = scatterSvg(given, total);
  const begin = svg.indexOf('>') + 1;
  const background = `<rect width="${width}" height="${height}" fill="#fff"/>`;
  const words = `<title>${escapeHtml(title)}</title><desc>${escapeHtml(caption)}</desc>`;
  return `${svg.slice(0, begin).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" color="#1f1f1f" font-family="sans-serif" ')}${words}${background}${svg.slice(begin)}\n`;
}

function mark(x: string, y: string, truncated: boolean): string {
  return truncated
    ? `<path d="M${x} ${y}m-4 3h8l-4-8z" fill="#c2571a"/>`
    : `<circle cx="${x}" cy="${y}" r="3"/>`;
}
