import type { FacetValue, TelemetryFacets } from '../../core/telemetry/page/telemetryFacets.ts';
import { conditionsOf, noFilter, type TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import type { SampleQuality, Suspicion } from '../../core/telemetry/samples/sampleQuality.ts';
import { qualityName, reasonName } from '../../core/telemetry/page/sampleWords.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { html, Region } from '../elements/dom.ts';
import { button, type PageActions } from '../elements/pageActions.ts';
import { DropDown } from '../elements/dropDown.ts';
import { PeriodFilter, TokenFilter } from './rangeFilters.ts';

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
    this.#models = new ChoiceFilter(t`Model`, asIs, (models) => set({ models }));
    this.#categories = new ChoiceFilter(t`Category`, asIs, (categories) => set({ categories }));
    this.#complexities = new ChoiceFilter(t`Complexity`, asIs, (complexities) => set({ complexities }));
    this.#qualities = new ChoiceFilter(t`Quality`, qualityName, (qualities) => set({ qualities }));
    this.#reasons = new ChoiceFilter(t`Suspect for`, reasonName, (reasons) => set({ reasons }));
    this.#period = new PeriodFilter(set);
    this.#tokens = new TokenFilter(set);
    this.#clear = button(t`Clear Filters`, () => {
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
      { class: 'filters', role: 'search', 'aria-label': t`Filters` },
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
    const left = t`${formatCount(selected.samples)} of ${formatCount(analysis.samples)} samples`;
    this.#left.textContent = conditionsOf(answered) === 0 ? '' : left;
  }
}

/** The name of a model or kind of phase is data. */
const asIs = (name: string): string => name;

/** Any of several names, each with how many samples have it; none ticked stands for all. */
class ChoiceFilter<Name extends string> {
  readonly #dropDown: DropDown;
  readonly #label: string;
  /** A name in the words of people. */
  readonly #shown: (name: Name) => string;
  readonly #list = new Region({ class: 'choices' });
  readonly #choose: (names: readonly Name[]) => void;

  constructor(label: string, shown: (name: Name) => string, choose: (names: readonly Name[]) => void) {
    this.#label = label;
    this.#shown = shown;
    this.#choose = choose;
    this.#dropDown = new DropDown(label);
    this.#dropDown.panel.append(this.#list.node, html('p', { class: 'hint' }, t`Counts are of all samples`));
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }

  /** Hidden where there is nothing to choose between. */
  show(values: readonly FacetValue<Name>[], chosen: readonly Name[]): void {
    this.node.hidden = values.length < 2 && chosen.length === 0;
    const few = chosen.map(this.#shown).join(', ');
    this.#dropDown.say(chosen.length > 2 ? t`${chosen.length} of ${values.length}` : few);
    this.#list.update([values, chosen], () => values.map((value) => this.#choice(value, chosen)));
  }

  #choice({ name, samples }: FacetValue<Name>, chosen: readonly Name[]): Node {
    const box = html('input', {
      type: 'checkbox',
      checked: chosen.includes(name),
      'data-key': `${this.#label}-${name}`,
    });
    box.addEventListener('change', () => {
      const others = chosen.filter((other) => other !== name);
      this.#choose(box.checked ? [...others, name] : others);
    });
    const count = html('span', { class: 'count' }, formatCount(samples));
    return html('label', { class: 'choice' }, box, html('span', { class: 'name' }, this.#shown(name)), count);
  }
}

/** How long a person may pause between keys before the question is put. */
const pauseMs = 150;

/** Part of a run's id, as typed; the runs with most samples are offered. */
class RunFilter {
  readonly node: HTMLElement;
  readonly #field = html('input', {
    type: 'search',
    'aria-label': t`Run`,
    placeholder: t`Run`,
    list: 'runs',
    'data-key': 'filter-run',
  });
  readonly #offers = new Region();
  #timer = 0;

  constructor(choose: (part: string) => void) {
    this.node = html('div', { class: 'run-filter' }, this.#field, this.#offers.node);
    this.#field.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => choose(this.#field.value), pauseMs);
    });
  }

  focus(): void {
    this.#field.focus();
  }

  show({ runs, runCount }: TelemetryFacets, chosen: string): void {
    this.node.hidden = runCount < 2 && chosen === '';
    this.node.classList.toggle('restricts', chosen !== '');
    // What is being typed is newer than what was kept.
    if (document.activeElement !== this.#field || chosen === '') this.#field.value = chosen;
    this.#field.title = t`Part of the id of one or more of ${formatCount(runCount)} runs`;
    this.#offers.update([runs], () => [
      html('datalist', { id: 'runs' }, ...runs.map(({ name }) => html('option', { value: name }))),
    ]);
  }
}
