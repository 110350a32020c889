import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import type { SampleQuality } from '../../core/telemetry/samples/sampleQuality.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { svg, html } from '../elements/dom.ts';
import type { PageActions } from '../elements/pageActions.ts';
import { categoryClass } from './themeColors.ts';

/** The mark of a class of samples: a path around the origin, about 8 units wide. */
export interface Marker {
  /** SVG path data, for the canvas and for the key alike. */
  readonly path: string;
  readonly filled: boolean;
}

const circle = 'M3.6 0A3.6 3.6 0 1 1-3.6 0A3.6 3.6 0 1 1 3.6 0Z';

/**
 * One shape a class, so that colour is free for the category and nothing is told by colour alone.
 * Truncated samples point up: their real size lies above.
 */
export const markers: Readonly<Record<SampleQuality, Marker>> = {
  clean: { path: circle, filled: true },
  synthetic: { path: circle, filled: false },
  truncated: { path: 'M0-4.6L4.2 3H-4.2Z', filled: true },
  failed: { path: 'M-3.4-3.4L3.4 3.4M-3.4 3.4L3.4-3.4', filled: false },
  suspect: { path: 'M0-4.6L4.6 0L0 4.6L-4.6 0Z', filled: false },
  counted: { path: 'M-4.2-3H4.2L0 4.6Z', filled: false },
  orphaned: { path: 'M-3.4-3.4H3.4V3.4H-3.4Z', filled: false },
};

/** The mark of a class as it is in the chart, for beside its name. */
export function markerIcon(quality: SampleQuality): SVGSVGElement {
  const { path, filled } = markers[quality];
  return svg(
    'svg',
    { class: filled ? 'marker filled' : 'marker', viewBox: '-6 -6 12 12', 'aria-hidden': true },
    svg('path', { d: path }),
  );
}

/** The categories with their colours; each is a switch of the category filter. */
export function chartKey(
  { facets, selected }: TelemetryView,
  filter: TelemetryFilter,
  actions: PageActions,
): Node {
  const all = facets.categories.map(({ name }) => name);
  const shown = new Set(filter.categories.length === 0 ? all : filter.categories);
  const drawn = new Map<string, number>();
  for (const { category, samples } of selected.groups)
    drawn.set(category, (drawn.get(category) ?? 0) + samples);
  const switches = facets.categories.map(({ name, samples }, index) => {
    const isShown = shown.has(name);
    const toggle = (): void => {
      const rest = all.filter((other) => (other === name ? !isShown : shown.has(other)));
      actions.setFilter({ categories: rest.length === all.length ? [] : rest });
    };
    return html(
      'button',
      {
        type: 'button',
        class: 'key',
        'aria-pressed': isShown,
        'data-key': `category-${name}`,
        title: isShown ? t`Hide ${name}` : t`Show ${name}`,
        onclick: toggle,
      },
      html('span', { class: `swatch ${categoryClass(index)}` }),
      `${name} ${shareWords(drawn.get(name) ?? 0, samples)}`,
    );
  });
  return html('div', { class: 'chart-key', role: 'group', 'aria-label': t`Categories` }, ...switches);
}

/** How many are shown, of how many there are: `12`, `9 of 12`. */
function shareWords(shown: number, all: number): string {
  return shown === all ? formatCount(all) : t`${formatCount(shown)} of ${formatCount(all)}`;
}
