import type { TelemetryFacets } from '../../core/telemetry/page/telemetryFacets.ts';
import {
  anyNumber as most,
  type TelemetryFilter,
  type TokenRange,
} from '../../core/telemetry/page/telemetryFilter.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { formatDate } from '../../core/text/times.ts';
import { html } from '../elements/dom.ts';
import { DropDown } from '../elements/dropDown.ts';

type Period = Pick<TelemetryFilter, 'from' | 'until'>;

/** From one day to another, both included, in the user's time zone, as all times on the page. */
export class PeriodFilter {
  readonly #dropDown = new DropDown(t`Time`);
  readonly #first = html('input', { type: 'date', 'data-key': 'filter-from' });
  readonly #last = html('input', { type: 'date', 'data-key': 'filter-until' });

  constructor(choose: (period: Period) => void) {
    const change = (): void => {
      choose({ from: startOfDay(this.#first.value), until: startOfDay(this.#last.value, 1) });
    };
    for (const [label, field] of [
      [t`From`, this.#first],
      [t`To`, this.#last],
    ] as const) {
      field.addEventListener('change', change);
      this.#dropDown.panel.append(html('label', { class: 'field' }, label, field));
    }
    this.#dropDown.panel.append(html('p', { class: 'hint' }, t`Whole days in your time zone`));
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }

  show({ period }: TelemetryFacets, { from, until }: Period): void {
    const [first, last] = [dayOf(from), dayOf(until === null ? null : until - 1)];
    this.node.hidden = period === null && from === null && until === null;
    const restricts = first !== '' || last !== '';
    this.#dropDown.say(restricts ? t`${first === '' ? '…' : first} to ${last === '' ? '…' : last}` : '');
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

/** When a day such as `2025-12-24` begins, or the one so many days later: days are not all equally long. */
function startOfDay(day: string, later = 0): number | null {
  const [year, month, date] = day.split('-').map(Number);
  const time = new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later).getTime();
  return Number.isNaN(time) ? null : time;
}

function dayOf(time: number | null): string {
  return time === null ? '' : formatDate(time);
}

type Region = Pick<TelemetryFilter, 'predicted' | 'actual'>;

/** A region of the chart in numbers: what dragging over it does, for the keyboard. */
export class TokenFilter {
  readonly #dropDown = new DropDown(t`Tokens`);
  readonly #predicted: RangeFields;
  readonly #actual: RangeFields;

  constructor(choose: (region: Region) => void) {
    const change = (): void => choose({ predicted: this.#predicted.read(), actual: this.#actual.read() });
    this.#predicted = new RangeFields(t`Predicted`, change);
    this.#actual = new RangeFields(t`Actual`, change);
    this.#dropDown.panel.append(
      this.#predicted.node,
      this.#actual.node,
      html('p', { class: 'hint' }, t`Dragging over the chart does the same`),
    );
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }

  show({ predicted, actual }: Region): void {
    this.#predicted.show(predicted);
    this.#actual.show(actual);
    this.#dropDown.say(
      [rangeWords(t`predicted`, predicted), rangeWords(t`actual`, actual)].filter(Boolean).join(', '),
    );
  }
}

/** Two fields, either of which may be empty. */
class RangeFields {
  readonly node: HTMLElement;
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;

  constructor(label: string, change: () => void) {
    const field = (name: string): HTMLInputElement => {
      const input = html('input', { type: 'number', min: 0, 'aria-label': name, 'data-key': name });
      input.addEventListener('change', change);
      return input;
    };
    this.#from = field(t`${label} from`);
    this.#to = field(t`${label} to`);
    this.node = html('div', { class: 'field' }, t`${label} from`, this.#from, t`to`, this.#to);
  }

  read(): TokenRange | null {
    const [from, to] = [numberIn(this.#from), numberIn(this.#to)];
    return from === null && to === null ? null : { from: from ?? 0, to: to ?? most };
  }

  show(range: TokenRange | null): void {
    for (const [field, value] of [
      [this.#from, range === null || range.from === 0 ? '' : String(range.from)],
      [this.#to, range === null || range.to === most ? '' : String(range.to)],
    ] as const) {
      if (document.activeElement !== field) field.value = value;
    }
  }
}

function numberIn({ value }: HTMLInputElement): number | null {
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) || number < 0 ? null : number;
}

function rangeWords(what: string, range: TokenRange | null): string {
  if (range === null) return '';
  if (range.to === most) return contextual('range')`${what} from ${formatCount(range.from)}`;
  if (range.from === 0) return contextual('range')`${what} up to ${formatCount(range.to)}`;
  return contextual('range')`${what} ${formatCount(range.from)} to ${formatCount(range.to)}`;
}
