import type { ComparedSample } from '../../core/telemetry/page/compareSamples.ts';
import { conditionsOf, filterLine, type TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { comparedFigures } from '../../core/telemetry/report/comparedFigures.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount, noFigure } from '../../core/text/quantities.ts';
import { dataTable } from '../elements/dataTable.ts';
import { html, type Child } from '../elements/dom.ts';
import { button, type PageActions } from '../elements/pageActions.ts';

/** Two samples side by side: one is kept, and held against whatever the filter shows then. */
export function comparison(
  { comparison: found, filter }: TelemetryView,
  actions: PageActions,
): readonly Child[] {
  const keep = (): void => actions.compareWith(filter);
  if (found === null) {
    return [
      html(
        'p',
        {},
        t`Compare two models, or the time before and after a calibration: filter for the first sample and keep it, then filter for the second.`,
      ),
      html('p', { class: 'buttons start' }, button(t`Keep This Sample to Compare`, keep, true)),
    ];
  }
  const { kept, shown } = found;
  const isSame = filterLine(kept.filter) === filterLine(shown.filter);
  return [
    html('dl', { class: 'compared' }, ...described(t`Kept`, kept), ...described(t`Shown`, shown)),
    isSame && html('p', {}, t`Both are the same sample: change the filter to compare.`),
    dataTable(
      t`Kept and shown samples compared`,
      [
        { label: t`Figure (95 %)` },
        { label: t`Kept`, numeric: true },
        { label: t`Shown`, numeric: true },
        { label: t`Intervals` },
      ],
      comparedFigures(found).map(({ label, kept: left, shown: right, apart }) => [
        label,
        left,
        right,
        apart === null ? noFigure : apart ? html('strong', {}, t`apart`) : t`overlap`,
      ]),
    ),
    html(
      'p',
      { class: 'scope' },
      t`Clean samples, with those cut off as lower bounds. Where intervals lie apart, the samples differ; where they overlap, they may or may not.`,
    ),
    html(
      'p',
      { class: 'buttons start' },
      button(t`Keep This Sample Instead`, keep),
      button(t`End Comparison`, () => actions.compareWith(null)),
    ),
  ];
}

function described(name: string, { filter, clean, truncated }: ComparedSample): Node[] {
  const counts = t`${counted(clean, 'clean sample')}, ${formatCount(truncated)} cut off`;
  return [html('dt', {}, name), html('dd', {}, `${wordsOf(filter)} (${counts})`)];
}

function wordsOf(filter: TelemetryFilter): string {
  return conditionsOf(filter) === 0 ? t`All samples` : filterLine(filter);
}
