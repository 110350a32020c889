import type { TelemetryAction } from '../../protocol/telemetryProtocol.ts';
import { html } from '../dom.ts';
import type { PageActions } from './pageActions.ts';

/** The commands in the words of their buttons. */
const labels: Readonly<Record<TelemetryAction, string>> = {
  selectDatabase: 'Select Database',
  createSeedDatabase: 'Create Seed Database',
  seedRun: 'Seed a Run',
  seedMore: 'Seed for Missing Coverage',
  drain: 'Drain Phases',
  checkIdentity: 'Check Identity',
  showLog: 'Show Log',
};

/** A button that runs a command of the extension. */
export function actionButton(action: TelemetryAction, actions: PageActions, main = false): HTMLButtonElement {
  return button(labels[action], () => actions.run(action), main);
}

/** A button; `main` marks the one most people will want. */
export function button(label: string, onPress: () => void, main = false): HTMLButtonElement {
  const attributes = {
    type: 'button',
    class: main ? 'button main' : 'button',
    'data-key': label,
    onclick: onPress,
  };
  return html('button', attributes, label);
}
