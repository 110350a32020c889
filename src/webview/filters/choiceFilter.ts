import { formatCount } from '../../core/text/quantities.ts';
import type { FacetValue } from '../../core/telemetry/page/telemetryFacets.ts';
import { html } from '../dom.ts';
import { Region } from '../region.ts';
import { DropDown } from './dropDown.ts';

/** Any of several names, each with how many samples have it; none ticked stands for all. */
export class ChoiceFilter<Name extends string> {
  readonly #dropDown: DropDown;
  readonly #label: string;
  readonly #list = new Region({ class: 'choices' });
  readonly #choose: (names: readonly Name[]) => void;

  constructor(label: string, choose: (names: readonly Name[]) => void) {
    this.#label = label;
    this.#choose = choose;
    this.#dropDown = new DropDown(label);
    this.#dropDown.panel.append(this.#list.node);
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }

  /** Hidden where there is nothing to choose between. */
  show(values: readonly FacetValue<Name>[], chosen: readonly Name[]): void {
    this.node.hidden = values.length < 2 && chosen.length === 0;
    this.#dropDown.say(chosen.length > 2 ? `${chosen.length} of ${values.length}` : chosen.join(', '));
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
    return html('label', { class: 'choice' }, box, html('span', { class: 'name' }, name), count);
  }
}
