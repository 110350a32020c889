import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import type { Outcome } from '../../protocol/telemetryProtocol.ts';
import { html } from '../dom.ts';
import type { Child } from '../dom.ts';
import { icon } from '../icons.ts';
import { button } from './actionButton.ts';
import type { PageActions } from './pageActions.ts';
import { coefficientTable, effectTable, groupProposals } from './proposalTables.ts';

/** What the evidence bears for the estimator: proposed or withheld, why, and what it would change. */
export function proposal(
  calibration: Outcome<CalibrationResult> | 'working' | null,
  actions: PageActions,
): readonly Child[] {
  if (calibration === 'working') return [note('Working out what the evidence bears…')];
  if (calibration === null) {
    return [
      note('With this many samples a proposal takes some seconds, during which filters wait.'),
      html(
        'p',
        { class: 'buttons' },
        button('Work Out a Proposal', () => actions.calibrate(), true),
      ),
    ];
  }
  if (calibration.kind === 'failed') {
    const { message, nextStep } = calibration.error;
    return [note(`${message} ${nextStep}`)];
  }
  return result(calibration.value);
}

function result(found: CalibrationResult): Child[] {
  const { verdict, reasons, gates, validation, coefficients, groups, safeBudget, caveats } = found;
  const proposed = verdict === 'proposed';
  return [
    html(
      'p',
      { class: `verdict-line ${proposed ? 'passed' : 'missed'}` },
      icon(proposed ? 'passed' : 'missed'),
      html('strong', {}, proposed ? 'Proposed. ' : 'Withheld. '),
      proposed ? 'It changes nothing until you apply it.' : reasons.join(' '),
    ),
    html(
      'ul',
      { class: 'checks', 'aria-label': 'Conditions of a proposal' },
      ...gates.map(({ label, passed, detail }) =>
        html(
          'li',
          { class: passed ? 'passed' : 'missed' },
          icon(passed ? 'passed' : 'missed'),
          html('span', {}, html('strong', {}, label), ` ${passed ? 'passed' : 'not passed'}. ${detail}`),
        ),
      ),
    ),
    validation !== null && titled('Before and after', effectTable(validation)),
    titled('Safe budget', html('p', {}, safeBudget.statement)),
    groups.length > 0 && titled('By kind of phase', groupProposals(groups)),
    coefficients.length > 0 &&
      titled(
        proposed ? 'Coefficients' : 'Coefficients, had it not been withheld',
        coefficientTable(coefficients),
      ),
    caveats.length > 0 &&
      titled(
        'What is not certain',
        html('ul', { class: 'caveats' }, ...caveats.map((text) => html('li', {}, text))),
      ),
  ];
}

function titled(title: string, content: Node): Node {
  return html('div', { class: 'part' }, html('h3', {}, title), content);
}

function note(text: string): Node {
  return html('p', { class: 'missing' }, text);
}
