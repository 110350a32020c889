import type { PageCalibration } from '../../protocol/telemetryProtocol.ts';
import { html } from '../dom.ts';
import type { ReportContent } from '../reportContent.ts';
import { button } from './actionButton.ts';
import { applyHindrance } from './applyHindrance.ts';
import type { PageActions } from './pageActions.ts';

/** What can be done with a proposal, and why not where it cannot. */
export function proposalActions(
  shown: PageCalibration & Pick<ReportContent, 'applied' | 'state'>,
  actions: PageActions,
): Node {
  const { state, trusted, applied } = shown;
  const hindrance = applyHindrance(shown);
  const write = pressable('Write Proposal', trusted ? () => actions.writeProposal(state) : null);
  const apply = pressable('Apply…', hindrance === null ? () => actions.applyProposal(state) : null, true);
  return html(
    'div',
    { class: 'part proposal-actions' },
    html(
      'p',
      { class: 'buttons' },
      write,
      apply,
      button('Choose Estimator…', () => actions.chooseEstimator()),
    ),
    html('p', { id: hindranceId, class: 'hint' }, hindrance ?? 'Apply shows what changes, and asks.'),
    applied !== null &&
      html(
        'p',
        { class: 'hint' },
        'Applied to ',
        name(applied.estimator),
        '. Before: ',
        name(applied.kept),
        '.',
      ),
  );
}

const hindranceId = 'apply-hindrance';

/** One that cannot be pressed stays where the keyboard finds it, so that the reason is found too. */
function pressable(label: string, onPress: (() => void) | null, main = false): HTMLButtonElement {
  if (onPress !== null) return button(label, onPress, main);
  const dead = button(label, () => undefined, main);
  dead.setAttribute('aria-disabled', 'true');
  dead.setAttribute('aria-describedby', hindranceId);
  return dead;
}

/** A file by its name; its folder on pointing. */
function name(path: string): Node {
  return html('span', { title: path }, path.split(/[\\/]/).at(-1) ?? path);
}
