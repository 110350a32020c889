import { counted, formatCount } from '../../core/text/quantities.ts';
import { suspicionWords, type Suspicion } from '../../core/telemetry/samples/sampleQuality.ts';
import type { SuspectRow, TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import { reasonName } from '../../core/telemetry/page/sampleWords.ts';
import { t } from '../../core/text/l10n.ts';
import { formatMinute } from '../../core/text/times.ts';
import { html, Region } from '../elements/dom.ts';
import type { PageState } from '../model/pageState.ts';
import { PagedTable, type DataColumn, type DataRow } from '../elements/dataTable.ts';
import { phaseLink, type PageActions } from '../elements/pageActions.ts';

const columns = (): readonly DataColumn[] => [
  { label: t`Phase` },
  { label: t`Time` },
  { label: t`Category` },
  { label: t`Model` },
  { label: t`Predicted (tokens)`, numeric: true },
  { label: t`Actual (tokens)`, numeric: true },
  { label: t`Reasons` },
];

/** Why samples are suspect: each reason with its count and meaning, and the samples themselves. */
export class SuspectPart {
  readonly node: HTMLElement;
  readonly #actions: PageActions;
  readonly #reasons = new Region();
  readonly #count = html('p', { class: 'hint' });
  readonly #table: PagedTable<SuspectRow>;

  constructor(state: PageState, actions: PageActions) {
    this.#actions = actions;
    const cells = (row: SuspectRow): DataRow => cellsOf(row, actions);
    this.#table = new PagedTable(
      {
        id: 'suspects',
        summary: t`The suspect samples as a table`,
        name: t`Suspect samples, one by one`,
        columns: columns(),
        cells,
      },
      state,
      actions,
    );
    this.node = html('div', { class: 'suspects' }, this.#reasons.node, this.#count, this.#table.node);
  }

  show({ facets, selected, suspects }: TelemetryView, { reasons }: TelemetryFilter): void {
    this.#reasons.update([facets.reasons, reasons], () => [
      facets.reasons.length === 0
        ? html('p', { class: 'missing' }, t`No sample of this database is suspect.`)
        : this.#list(facets.reasons, reasons),
    ]);
    const total = selected.quality.suspect;
    this.#count.hidden = facets.reasons.length === 0;
    this.#count.textContent = countWords(total, suspects.length);
    this.#table.node.hidden = total === 0;
    this.#table.show(suspects);
  }

  #list(found: TelemetryView['facets']['reasons'], chosen: readonly Suspicion[]): Node {
    const items = found.map(({ name, samples }) => {
      const isChosen = chosen.includes(name);
      const others = chosen.filter((other) => other !== name);
      const toggle = (): void => this.#actions.setFilter({ reasons: isChosen ? others : [...others, name] });
      const press = html(
        'button',
        {
          type: 'button',
          class: 'key reason-key',
          'aria-pressed': isChosen,
          'data-key': `reason-${name}`,
          title: isChosen ? t`Show the others too` : t`Show only these`,
          onclick: toggle,
        },
        reasonName(name),
      );
      const count = html('span', { class: 'count' }, counted(samples, 'sample'));
      return html('li', {}, press, count, html('span', { class: 'meaning' }, suspicionWords()[name]));
    });
    return html(
      'ul',
      { class: 'reasons', 'aria-label': t`Reasons, by all samples; press one to filter by it` },
      ...items,
    );
  }
}

function countWords(total: number, listed: number): string {
  if (total === 0) return t`None of the samples shown is suspect.`;
  const which =
    listed < total
      ? ` ${t`The first ${formatCount(listed)} are listed; export the filtered samples for all.`}`
      : '';
  return `${t`${counted(total, 'suspect sample')} shown; one may be so for several reasons.`}${which}`;
}

function cellsOf(row: SuspectRow, actions: PageActions): DataRow {
  const { timestamp, category, model, predicted, actual, reasons } = row;
  const tokens = (count: number | null): string => (count === null ? t`unreadable` : formatCount(count));
  return [
    phaseLink(row, actions),
    timestamp === null ? '–' : formatMinute(timestamp),
    category,
    model,
    tokens(predicted),
    tokens(actual),
    reasons.map(reasonName).join(', '),
  ];
}
