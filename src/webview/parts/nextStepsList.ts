import { nextSteps } from '../../core/telemetry/analysis/nextSteps.ts';
import type { TelemetryAnalysis } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { html } from '../dom.ts';
import { actionButton } from './actionButton.ts';
import type { PageActions } from './pageActions.ts';

/** What to do next, with a button where a command does it. */
export function nextStepsList(analysis: TelemetryAnalysis, actions: PageActions): Node {
  const steps = nextSteps(analysis).map(({ text, action }) =>
    html('li', {}, html('span', {}, text), action !== null && actionButton(action, actions)),
  );
  return html('section', { class: 'card next' }, html('h2', {}, 'Next'), html('ul', {}, ...steps));
}
