import type { TelemetryOptions } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { html } from '../dom.ts';
import { parseTolerance } from '../pageState.ts';
import type { PageActions } from './pageActions.ts';

/** What to analyse: two filters, a split, and the tolerance. `synthetic` says whether there are synthetic samples to filter. */
export function toolbar(
  options: Required<TelemetryOptions>,
  synthetic: boolean,
  actions: PageActions,
): Node[] {
  return [
    checkbox('Success only', 'Leave out samples of phases that failed', options.successOnly, (on) => {
      actions.setOptions({ successOnly: on });
    }),
    ...(synthetic
      ? [
          checkbox(
            'Show synthetic',
            'Show recorded answers of the example executor; they never count as evidence',
            options.includeSynthetic,
            (on) => actions.setOptions({ includeSynthetic: on }),
          ),
        ]
      : []),
    checkbox(
      'Split by deliverables',
      'Groups by 1, 2-5 and 6+ deliverables as well',
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
  const hint = 'A sample is underestimated when it used more than the prediction times this';
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
    'Tolerance',
    field,
    html('span', { class: 'unit' }, 'x'),
  );
}
