import { svg } from './dom.ts';

/** Drawn on a grid of 16 x 16, stroked in the colour of the text. */
const shapes = {
  passed: 'M3 8.5 6.5 12 13 4.5',
  missed: 'M4 4l8 8M12 4l-8 8',
  unknown: 'M4 8h8',
  up: 'M8 12.5v-9M4.5 7 8 3.5 11.5 7',
  down: 'M8 3.5v9M4.5 9 8 12.5 11.5 9',
  warning: 'M8 2.5 14 13H2ZM8 6.5v3M8 11v.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof shapes;

/** A small icon beside words that say the same: assistive technology passes over it. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': true },
    svg('path', { d: shapes[name] }),
  );
}
