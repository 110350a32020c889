import type { PhaseKey } from '../../core/model/phase.ts';
import type { TelemetryOptions } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import type { TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryAction, TelemetryExportFormat } from '../../protocol/telemetryProtocol.ts';
import type { PageState } from '../pageState.ts';

/** What the parts of the page can ask for. */
export interface PageActions {
  /** Changes options and analyses again. */
  setOptions(change: Partial<TelemetryOptions>): void;
  /** Changes which samples are looked at, and analyses again. */
  setFilter(change: Partial<TelemetryFilter>): void;
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
  run(action: TelemetryAction): void;
}
