import { formatCount } from '../../core/text/quantities.ts';
import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { html } from '../dom.ts';
import type { PageActions } from '../parts/pageActions.ts';
import { categoryClass } from './themeColors.ts';

/** The categories with their colours; each is a switch of the category filter. */
export function chartKey({ facets }: TelemetryView, filter: TelemetryFilter, actions: PageActions): Node {
  const all = facets.categories.map(({ name }) => name);
  const shown = new Set(filter.categories.length === 0 ? all : filter.categories);
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
        title: isShown ? `Hide ${name}` : `Show ${name}`,
        onclick: toggle,
      },
      html('span', { class: `swatch ${categoryClass(index)}` }),
      `${name} ${formatCount(samples)}`,
    );
  });
  return html('div', { class: 'chart-key', role: 'group', 'aria-label': 'Categories' }, ...switches);
}
