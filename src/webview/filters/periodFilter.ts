import type { TelemetryFacets } from '../../core/telemetry/page/telemetryFacets.ts';
import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import { html } from '../dom.ts';
import { DropDown } from './dropDown.ts';

type Period = Pick<TelemetryFilter, 'from' | 'until'>;

const dayMs = 86_400_000;

/** From one day to another, both included, in UTC, as the times are stored. */
export class PeriodFilter {
  readonly #dropDown = new DropDown('Time');
  readonly #first = html('input', { type: 'date', 'data-key': 'filter-from' });
  readonly #last = html('input', { type: 'date', 'data-key': 'filter-until' });

  constructor(choose: (period: Period) => void) {
    const change = (): void => {
      const last = startOfDay(this.#last.value);
      choose({ from: startOfDay(this.#first.value), until: last === null ? null : last + dayMs });
    };
    for (const [label, field] of [
      ['From', this.#first],
      ['To', this.#last],
    ] as const) {
      field.addEventListener('change', change);
      this.#dropDown.panel.append(html('label', { class: 'field' }, label, field));
    }
    this.#dropDown.panel.append(html('p', { class: 'hint' }, 'Whole days in UTC'));
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }

  show({ period }: TelemetryFacets, { from, until }: Period): void {
    const [first, last] = [dayOf(from), dayOf(until === null ? null : until - dayMs)];
    this.node.hidden = period === null && from === null && until === null;
    const restricts = first !== '' || last !== '';
    this.#dropDown.say(restricts ? `${first === '' ? '…' : first} to ${last === '' ? '…' : last}` : '');
    for (const [field, value] of [
      [this.#first, first],
      [this.#last, last],
    ] as const) {
      field.min = dayOf(period?.first ?? null);
      field.max = dayOf(period?.last ?? null);
      if (document.activeElement !== field || value === '') field.value = value;
    }
  }
}

function startOfDay(day: string): number | null {
  const time = Date.parse(day);
  return Number.isNaN(time) ? null : time;
}

function dayOf(time: number | null): string {
  return time === null ? '' : new Date(time).toISOString().slice(0, 10);
}
