import type { PageCalibration } from '../../protocol/telemetryProtocol.ts';

/** The proposal that a telemetry page shows: the host keeps it, so that a page can only name what it was shown. */
export interface Proposals {
  /** Works out what the evidence of a database bears. Rejects as the reader does, and with what is wrong with the estimator. */
  workOut(
    database: string,
    anyRole: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly state: string; readonly value: PageCalibration }>;
  /** Tells the page anew, for now it may write. */
  trustGranted(): void;
  /** Writes the proposal of a state where a person says, and opens the report. */
  write(state: string): Promise<void>;
  /** Applies the proposal of a state to the estimator's file, after a question that shows what changes. */
  apply(state: string): Promise<void>;
  /** Asks for the coefficients in use; resolves to whether there was an answer. */
  chooseEstimator(): Promise<boolean>;
}
