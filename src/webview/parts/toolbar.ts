import { isGuessed, roleTitle } from '../../core/identity/roleText.ts';
import type { TelemetryOptions } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import type { TelemetryExportFormat } from '../../protocol/telemetryProtocol.ts';
import { html } from '../elements/dom.ts';
import { DropDown } from '../elements/dropDown.ts';
import type { PageModel } from '../model/pageModel.ts';
import { parseTolerance } from '../model/pageState.ts';
import type { PageActions } from '../elements/pageActions.ts';

/** What to analyse: two filters, a split, and the tolerance. `synthetic` says whether there are synthetic samples to filter. */
export function toolbar(
  options: Required<TelemetryOptions>,
  synthetic: boolean,
  actions: PageActions,
): Node[] {
  return [
    checkbox(t`Success only`, t`Leave out samples of phases that failed`, options.successOnly, (on) => {
      actions.setOptions({ successOnly: on });
    }),
    ...(synthetic
      ? [
          checkbox(
            t`Show synthetic`,
            t`Show recorded answers of the example executor; they never count as evidence`,
            options.includeSynthetic,
            (on) => actions.setOptions({ includeSynthetic: on }),
          ),
        ]
      : []),
    checkbox(
      t`Split by deliverables`,
      t`Groups by 1, 2-5 and 6+ deliverables as well`,
      options.stratify,
      (on) => {
        actions.setOptions({ stratify: on });
      },
    ),
    toleranceField(options.underMultiplier, actions),
  ];
}

function checkbox(label: string, hint: string, checked: boolean, onChange: (on: boolean) => void): Node {
  const box = html('input', { type: 'checkbox', checked, 'data-key': label });
  box.addEventListener('change', () => onChange(box.checked));
  return html('label', { class: 'option', title: hint }, box, label);
}

function toleranceField(value: number, actions: PageActions): Node {
  const hint = t`A sample is underestimated when it used more than the prediction times this`;
  const field = html('input', {
    type: 'number',
    min: 0.05,
    max: 100,
    step: 0.05,
    value,
    'data-key': 'tolerance',
  });
  field.addEventListener('change', () => {
    const tolerance = parseTolerance(field.value);
    if (tolerance === null) field.value = String(value);
    else actions.setOptions({ underMultiplier: tolerance });
  });
  return html(
    'label',
    { class: 'option', title: hint },
    t`Tolerance`,
    field,
    html('span', { class: 'unit' }, 'x'),
  );
}

/** The formats in the words of their buttons, with what each is for. */
const formats = (): readonly (readonly [TelemetryExportFormat, string, string])[] => [
  ['md', 'Markdown', t`the report`],
  ['html', 'HTML', t`the report with its chart`],
  ['csv', 'CSV', t`every sample, for a spreadsheet`],
  ['ndjson', 'NDJSON', t`every sample, one a line`],
  ['otlp', 'OpenTelemetry', t`every sample, as OTLP JSON`],
];

/** Exports the telemetry of the database. */
export class ExportMenu {
  readonly #dropDown = new DropDown(t`Export`);

  constructor(actions: PageActions) {
    this.#dropDown.node.classList.add('export');
    this.#dropDown.panel.append(
      ...formats().map(([format, name, what]) => {
        const choose = (): void => {
          this.#dropDown.close();
          actions.exportAs(format);
        };
        const words = html('span', { class: 'hint' }, what);
        return html('button', { type: 'button', class: 'item', onclick: choose }, name, words);
      }),
    );
  }

  get node(): HTMLElement {
    return this.#dropDown.node;
  }
}

/** Title, database and counts. */
export function pageHeader({ database, content }: PageModel): Node[] {
  const title = html('h1', {}, t`Token telemetry`);
  if (database === null) return [title];
  const where = html(
    'p',
    { class: 'database' },
    html(
      'span',
      { class: `role ${database.role}${isGuessed(database) ? ' guessed' : ''}` },
      roleTitle(database),
    ),
    html('span', { class: 'file', title: database.path }, database.fileName),
  );
  if (content.kind !== 'report') return [title, where];
  const { samples, analysed, quality } = content.view.analysis;
  if (samples === 0) return [title, where];
  const counts = [
    counted(samples, 'sample'),
    t`${formatCount(analysed)} analyzed`,
    t`${formatCount(quality.clean)} clean`,
    ...(quality.synthetic > 0 ? [t`${formatCount(quality.synthetic)} synthetic`] : []),
  ];
  return [title, where, html('p', { class: 'counts' }, counts.join(', '))];
}
