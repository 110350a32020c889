import uPlot from 'uplot';
import { t } from '../../core/text/l10n.ts';
import type { PictureFormat, PictureOf } from '../../protocol/telemetryProtocol.ts';
import { html } from '../elements/dom.ts';
import type { PageActions } from '../elements/pageActions.ts';
import { readThemeColors } from './themeColors.ts';

/** A chart that can be taken along as a picture. */
export interface PicturedChart {
  readonly id: PictureOf;
  /** Stands above it in the picture. */
  readonly title: string;
  /** What holds the chart's canvas. */
  readonly figure: HTMLElement;
  /** The chart as an SVG document, where there is one. */
  readonly svg?: () => string;
}

/** Buttons that copy a chart as a picture, and that save it. */
export function pictureButtons(chart: PicturedChart, actions: PageActions): HTMLElement {
  const { id, title } = chart;
  const said = html('span', { class: 'said', role: 'status' });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(chart) })]);
    said.textContent = t`Copied`;
  };
  const save = async (format: PictureFormat): Promise<void> => {
    said.textContent = '';
    const data = format === 'png' ? await base64Of(await pngOf(chart)) : (chart.svg?.() ?? '');
    actions.savePicture({ of: id, format, data });
  };
  const press = (label: string, act: () => Promise<void>): HTMLElement =>
    html(
      'button',
      {
        type: 'button',
        class: 'link',
        'aria-label': `${label}: ${title}`,
        onclick: () => void act().catch((error: unknown) => actions.pictureFailed(error)),
      },
      label,
    );
  return html(
    'p',
    { class: 'picture' },
    press(t`Copy Picture`, copy),
    press(t`Save as PNG…`, () => save('png')),
    chart.svg !== undefined && press(t`Save as SVG…`, () => save('svg')),
    said,
  );
}

/** Around the chart, and above it for the title; in CSS pixels. */
const border = 12;
const titleHeight = 24;

/** The chart as it is drawn now, under its title, on the background of the theme. */
async function pngOf({ figure, title }: PicturedChart): Promise<Blob> {
  const drawn = figure.querySelector('canvas');
  const picture = document.createElement('canvas');
  const context = picture.getContext('2d');
  if (drawn === null || context === null) throw new Error('There is no chart to draw.');
  const { pxRatio } = uPlot;
  const colors = readThemeColors();
  picture.width = drawn.width + 2 * border * pxRatio;
  picture.height = drawn.height + (2 * border + titleHeight) * pxRatio;
  context.fillStyle = colors.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = colors.text;
  context.font = `600 ${14 * pxRatio}px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'top';
  context.fillText(title, border * pxRatio, border * pxRatio);
  context.drawImage(drawn, border * pxRatio, (border + titleHeight) * pxRatio);
  return new Promise((resolve, reject) => {
    picture.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not make a picture.'));
      else resolve(blob);
    }, 'image/png');
  });
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
