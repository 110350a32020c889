import type { SerializedError } from '../../core/errors.ts';
import { missingEvidenceWords } from '../../core/telemetry/calibration/calibrationGates.ts';
import type { GateVerdict } from '../../core/telemetry/calibration/calibrationProposal.ts';
import {
  gateWords,
  lookingWords,
  safeBudgetLines,
  validationWords,
  wholeStep,
} from '../../core/telemetry/calibration/calibrationReport.ts';
import { t } from '../../core/text/l10n.ts';
import type { PageCalibration } from '../../protocol/telemetryProtocol.ts';
import { html, icon, type Child, type IconName } from '../elements/dom.ts';
import { applyBlocker, type ReportContent } from '../model/pageModel.ts';
import { button, type PageActions, writing } from '../elements/pageActions.ts';
import { coefficientTable, effectTable, groupProposals } from './proposalTables.ts';

/** The mark of each verdict. */
const gateMarks: Readonly<Record<GateVerdict, IconName>> = {
  passed: 'passed',
  'not-passed': 'missed',
  'not-judged': 'unknown',
};

/** What the evidence bears for the estimator: proposed or withheld, why, and what it would change. */
export function proposal(
  { calibration, applied, state }: Pick<ReportContent, 'calibration' | 'applied' | 'state'>,
  actions: PageActions,
): readonly Child[] {
  if (calibration === 'working') return [note(t`Evaluating the evidence…`)];
  if (calibration === null) {
    return [
      note(t`With this many samples a proposal takes some seconds.`),
      buttonRow(button(t`Work Out a Proposal`, () => actions.calibrate(), true)),
    ];
  }
  if (calibration.kind === 'failed') {
    return noProposal(calibration.error, actions);
  }
  const { value } = calibration;
  return result(value, proposalActions({ ...value, applied, state }, actions));
}

/** In one line at the top: what the proposal would change. It is always there, so that nothing moves when it is known. */
export function changeLine({ calibration }: Pick<ReportContent, 'calibration'>, show: () => void): Node {
  return html(
    'p',
    { class: 'card change' },
    html('span', {}, ...changeWords(calibration)),
    button(t`Show Proposal`, show),
  );
}

function changeWords(calibration: ReportContent['calibration']): Child[] {
  if (calibration === null) return [t`What a calibration would change is not worked out yet.`];
  if (calibration === 'working') return [t`Working out what a calibration would change…`];
  if (calibration.kind === 'failed') return [t`No calibration is worked out for this database.`];
  const { verdict, effect } = calibration.value.result;
  const proposed = verdict === 'proposed';
  const begins = proposed ? t`A calibration is proposed.` : t`No calibration is proposed.`;
  const would = proposed || effect === null ? '' : `${t`Had it not been withheld:`} `;
  return [html('strong', {}, `${begins} `), would + (effect?.summary ?? '')];
}

function noProposal({ code, message, nextStep }: SerializedError, actions: PageActions): Child[] {
  const buttons = [writing(button(t`Choose Estimator…`, () => actions.chooseEstimator()))];
  if (code !== 'wrong-role') return [note(`${message} ${nextStep}`), buttonRow(...buttons)];
  buttons.push(button(t`Calibrate Anyway`, () => actions.calibrate(true)));
  return [
    note(
      `${message} ${t`Select a seed database, or use this one if you know that its phases are representative.`}`,
    ),
    buttonRow(...buttons.slice(1)),
  ];
}

function result({ result: found, estimator }: PageCalibration, acts: Node): Child[] {
  const { verdict, reasons, gates, validation, coefficients, groups, effect, caveats, options } = found;
  const next = missingEvidenceWords(found.toSeed);
  const proposed = verdict === 'proposed';
  return [
    html(
      'p',
      { class: `verdict-line ${proposed ? 'passed' : 'missed'}` },
      icon(proposed ? 'passed' : 'missed'),
      html('strong', {}, `${proposed ? t`Proposed.` : t`Withheld.`} `),
      html(
        'span',
        {},
        proposed
          ? [
              t`It changes nothing until you apply it.`,
              ...(wholeStep(found) ? [] : [t`A step without a bound: calibrate again after it.`]),
            ].join(' ')
          : reasons.join(' '),
      ),
    ),
    effect !== null &&
      html(
        'p',
        { class: 'effect' },
        proposed || coefficients.length === 0 ? '' : `${t`Had it not been withheld:`} `,
        effect.summary,
      ),
    next.length > 0 && html('p', { class: 'basis' }, next.join(' ')),
    html(
      'p',
      { class: 'basis' },
      ...(estimator === null
        ? [t`For Autopack's own coefficients.`]
        : [t`For `, html('span', { title: estimator.path }, `${estimator.fileName}.`)]),
      options.anyRole && ` ${t`Not a seed database; calibration was forced.`}`,
    ),
    html(
      'ul',
      { class: 'checks', 'aria-label': t`Conditions of a proposal` },
      ...gates.map(({ label, verdict: own, detail }) =>
        html(
          'li',
          { class: gateMarks[own] },
          icon(gateMarks[own]),
          html('span', {}, html('strong', {}, label), ` ${gateWords()[own].toLowerCase()}. ${detail}`),
        ),
      ),
    ),
    note(lookingWords()),
    acts,
    validation !== null &&
      titled(t`Before and after`, html('div', {}, note(validationWords()), effectTable(validation))),
    titled(
      t`Safe budget`,
      html('ul', { class: 'caveats' }, ...safeBudgetLines(found).map((text) => html('li', {}, text))),
    ),
    groups.length > 0 && titled(t`By kind of phase`, groupProposals(groups)),
    coefficients.length > 0 &&
      titled(
        proposed ? t`Coefficients` : t`Coefficients, had it not been withheld`,
        coefficientTable(coefficients),
      ),
    caveats.length > 0 &&
      titled(
        t`What is not certain`,
        html('ul', { class: 'caveats' }, ...caveats.map((text) => html('li', {}, text))),
      ),
  ];
}

function titled(title: string, content: Node): Node {
  return html('div', { class: 'part' }, html('h3', {}, title), content);
}

function buttonRow(...buttons: readonly Node[]): Node {
  return html('p', { class: 'buttons' }, ...buttons);
}

function note(text: string): Node {
  return html('p', { class: 'missing' }, text);
}

/** What can be done with a proposal, and why not where it cannot. */
function proposalActions(
  shown: PageCalibration & Pick<ReportContent, 'applied' | 'state'>,
  actions: PageActions,
): Node {
  const { state, trusted, applied } = shown;
  const blocker = applyBlocker(shown);
  const write = pressable(t`Write Proposal`, trusted ? () => actions.writeProposal(state) : null);
  const apply = pressable(t`Apply…`, blocker === null ? () => actions.applyProposal(state) : null, true);
  return html(
    'div',
    { class: 'part proposal-actions' },
    html(
      'p',
      { class: 'buttons' },
      write,
      apply,
      writing(button(t`Choose Estimator…`, () => actions.chooseEstimator())),
    ),
    html('p', { id: blockerId, class: 'hint' }, blocker ?? t`Apply shows what changes, and asks.`),
    applied !== null &&
      html(
        'p',
        { class: 'hint' },
        t`Applied to `,
        name(applied.estimator),
        t`. Before: `,
        name(applied.kept),
        '.',
      ),
  );
}

const blockerId = 'apply-blocker';

/** One that cannot be pressed stays where the keyboard finds it, so that the reason is found too. */
function pressable(label: string, onPress: (() => void) | null, main = false): HTMLButtonElement {
  if (onPress !== null) return button(label, onPress, main);
  const dead = button(label, () => undefined, main);
  dead.setAttribute('aria-disabled', 'true');
  dead.setAttribute('aria-describedby', blockerId);
  return dead;
}

/** A file by its name; its folder on pointing. */
function name(path: string): Node {
  return html('span', { title: path }, path.split(/[\\/]/).at(-1) ?? path);
}
