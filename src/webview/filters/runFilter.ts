import { formatCount } from '../../core/text/quantities.ts';
import type { TelemetryFacets } from '../../core/telemetry/page/telemetryFacets.ts';
import { html } from '../dom.ts';
import { Region } from '../region.ts';

/** How long a person may pause between keys before the question is put. */
const pauseMs = 150;

/** Part of a run's id, as typed; the runs with most samples are offered. */
export class RunFilter {
  readonly node: HTMLElement;
  readonly #field = html('input', {
    type: 'search',
    'aria-label': 'Run',
    placeholder: 'Run',
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
    this.#field.title = `Part of the id of one or more of ${formatCount(runCount)} runs`;
    this.#offers.update([runs], () => [
      html('datalist', { id: 'runs' }, ...runs.map(({ name }) => html('option', { value: name }))),
    ]);
  }
}
