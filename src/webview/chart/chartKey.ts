import { formatCount } from '../../core/telemetry/formatFigures.ts';
import type { TelemetryView } from '../../core/telemetry/telemetryView.ts';
import { html } from '../dom.ts';
import type { PageActions } from '../parts/pageActions.ts';
import { categoryClass } from './themeColors.ts';

/** The categories with their colours; each is a switch for its points. */
export function chartKey(
  view: TelemetryView,
  hiddenCategories: readonly string[],
  actions: PageActions,
): Node {
  const counts = view.categories.map(() => 0);
  for (const { category } of view.points) counts[category] = (counts[category] ?? 0) + 1;
  const hidden = new Set(hiddenCategories);
  const switches = view.categories.map((name, index) => {
    const count = counts[index] ?? 0;
    if (count === 0) return null;
    const toggle = (): void => {
      const rest = hiddenCategories.filter((other) => other !== name);
      actions.setState({ hiddenCategories: hidden.has(name) ? rest : [...rest, name] });
    };
    return html(
      'button',
      {
        type: 'button',
        class: 'key',
        'aria-pressed': !hidden.has(name),
        'data-key': `category-${name}`,
        title: hidden.has(name) ? `Show ${name}` : `Hide ${name}`,
        onclick: toggle,
      },
      html('span', { class: `swatch ${categoryClass(index)}` }),
      `${name} ${formatCount(count)}`,
    );
  });
  return html(
    'div',
    { class: 'chart-key', role: 'group', 'aria-label': 'Categories in the chart' },
    ...switches,
  );
}
