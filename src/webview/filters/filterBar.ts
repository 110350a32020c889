import { formatCount } from '../../core/text/quantities.ts';
import type { SampleQuality, Suspicion } from '../../core/telemetry/samples/sampleQuality.ts';
import { conditionsOf, noFilter, type TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { html } from '../dom.ts';
import type { PageActions } from '../parts/pageActions.ts';
import { button } from '../parts/actionButton.ts';
import { ChoiceFilter } from './choiceFilter.ts';
import { PeriodFilter } from './periodFilter.ts';
import { RunFilter } from './runFilter.ts';
import { TokenFilter } from './tokenFilter.ts';

/** Which samples the figures and charts are about. Its elements stay, so that an answer never folds up what is being used. */
export class FilterBar {
  readonly node: HTMLElement;
  readonly #runs: RunFilter;
  readonly #models: ChoiceFilter<string>;
  readonly #categories: ChoiceFilter<string>;
  readonly #complexities: ChoiceFilter<string>;
  readonly #qualities: ChoiceFilter<SampleQuality>;
  readonly #reasons: ChoiceFilter<Suspicion>;
  readonly #period: PeriodFilter;
  readonly #tokens: TokenFilter;
  readonly #clear: HTMLElement;
  readonly #left = html('p', { class: 'left', role: 'status' });

  constructor(actions: PageActions) {
    const set = (change: Partial<TelemetryFilter>): void => actions.setFilter(change);
    this.#runs = new RunFilter((run) => set({ run }));
    this.#models = new ChoiceFilter('Model', (models) => set({ models }));
    this.#categories = new ChoiceFilter('Category', (categories) => set({ categories }));
    this.#complexities = new ChoiceFilter('Complexity', (complexities) => set({ complexities }));
    this.#qualities = new ChoiceFilter('Quality', (qualities) => set({ qualities }));
    this.#reasons = new ChoiceFilter('Suspect for', (reasons) => set({ reasons }));
    this.#period = new PeriodFilter(set);
    this.#tokens = new TokenFilter(set);
    this.#clear = button('Clear Filters', () => {
      // The button is about to go, and the focus must not go with it.
      this.#runs.focus();
      actions.setFilter(noFilter);
    });
    const fields = [
      this.#runs,
      this.#models,
      this.#categories,
      this.#complexities,
      this.#qualities,
      this.#reasons,
      this.#period,
      this.#tokens,
    ].map(({ node }) => node);
    this.node = html(
      'div',
      { class: 'filters', role: 'search', 'aria-label': 'Filters' },
      ...fields,
      this.#clear,
      this.#left,
    );
  }

  /** Shows what a person chose, which may be newer than the view. */
  show({ facets, analysis, selected, filter: answered }: TelemetryView, filter: TelemetryFilter): void {
    this.#runs.show(facets, filter.run);
    this.#models.show(facets.models, filter.models);
    this.#categories.show(facets.categories, filter.categories);
    this.#complexities.show(facets.complexities, filter.complexities);
    this.#qualities.show(facets.qualities, filter.qualities);
    this.#reasons.show(facets.reasons, filter.reasons);
    this.#period.show(facets, filter);
    this.#tokens.show(filter);
    this.#clear.hidden = conditionsOf(filter) === 0;
    const left = `${formatCount(selected.samples)} of ${formatCount(analysis.samples)} samples`;
    this.#left.textContent = conditionsOf(answered) === 0 ? '' : left;
  }
}
