import type { PhaseKey } from '../../core/model/phase.ts';
import type { TelemetryOptions } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import { t } from '../../core/text/l10n.ts';
import type {
  TelemetryAction,
  TelemetryExportFormat,
  TelemetryPicture,
} from '../../protocol/telemetryProtocol.ts';
import type { PageState } from '../model/pageState.ts';
import { html } from './dom.ts';

/** What the parts of the page can ask for. */
export interface PageActions {
  /** Changes options and analyses again. */
  setOptions(change: Partial<TelemetryOptions>): void;
  /** Changes which samples are looked at, and analyses again. */
  setFilter(change: Partial<TelemetryFilter>): void;
  /** Keeps a sample to hold others against, by its filter; `null` ends the comparison. */
  compareWith(kept: TelemetryFilter | null): void;
  /** Changes what is kept of the page, and shows it. */
  setState(change: Partial<PageState>): void;
  /** Keeps a table folded out or in. */
  setTableOpen(name: string, open: boolean): void;
  analyseAgain(): void;
  /** Takes the notice of a failed command away. */
  dismiss(): void;
  openPhase(phase: PhaseKey): void;
  /** Works out what the evidence bears; `anyRole`: though the database may be no telemetry seed. */
  calibrate(anyRole?: boolean): void;
  /** Writes the proposal of a state. */
  writeProposal(state: string): void;
  /** Applies the proposal of a state, after a question. */
  applyProposal(state: string): void;
  /** Says which coefficients are in use. */
  chooseEstimator(): void;
  exportAs(format: TelemetryExportFormat): void;
  /** Saves a picture where a person says. */
  savePicture(picture: TelemetryPicture): void;
  /** Says that no picture could be made. */
  pictureFailed(error: unknown): void;
  run(action: TelemetryAction): void;
}

/** The commands in the words of their buttons. */
const labels = (): Readonly<Record<TelemetryAction, string>> => ({
  selectDatabase: t`Select Database`,
  createSeedDatabase: t`Create Seed Database`,
  seedRun: t`Seed a Run`,
  seedMore: t`Seed for Missing Coverage`,
  drain: t`Drain Phases`,
  checkIdentity: t`Check Identity`,
  showLog: t`Show Log`,
});

/** A button that runs a command of the extension. */
export function actionButton(action: TelemetryAction, actions: PageActions, main = false): HTMLButtonElement {
  const made = button(labels()[action], () => actions.run(action), main);
  return reading.has(action) ? made : writing(made);
}

const reading: ReadonlySet<TelemetryAction> = new Set(['selectDatabase', 'checkIdentity', 'showLog']);

/** A button that is not shown where nothing is executed or written. */
export function writing(made: HTMLButtonElement): HTMLButtonElement {
  made.classList.add('writing');
  return made;
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

/** A phase by its name; where the database has it, a button that opens it. */
export function phaseLink(
  { runId, phaseId, known }: PhaseKey & { readonly known: boolean },
  actions: PageActions,
): Node | string {
  const name = `${runId} / ${phaseId}`;
  if (!known) return name;
  const open = (): void => actions.openPhase({ runId, phaseId });
  return html('button', { type: 'button', class: 'link', onclick: open }, name);
}
