import type * as vscode from 'vscode';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';
import type { ExportedSamples, TelemetryExport } from '../../reader/exportChunks.ts';
import type { PageCalibration, TelemetryHostBody } from '../../protocol/telemetryProtocol.ts';

/** What a page does besides showing: where its exports go, and what keeps its proposal. */
export interface TelemetryParts {
  readonly files: ExportFiles;
  /** `send` sends to the page. */
  readonly proposalsFor: (send: (body: TelemetryHostBody) => void) => CalibrationProposals;
}

/** Where exports and pictures of a database (an absolute path, or an address) are written to. */
export interface ExportFiles {
  readonly sha256: Sha256Hex;
  /** Where a file that is made of a database is offered to be put. */
  besideDatabase(path: string, fileName: string): vscode.Uri;
  /** Rejects with `invalid-argument` for the database itself, any other database, and places that cannot be written. */
  refuseDatabase(target: vscode.Uri, path: string): Promise<void>;
  /**
   * Writes an export in the place of what is there, and beside it what its format has no place for. Resolves to the path of
   * that note, `null` where there is none.
   */
  write(
    request: TelemetryExport,
    target: vscode.Uri,
    exported: ExportedSamples,
    signal: AbortSignal,
  ): Promise<string | null>;
}

/** The proposal that a telemetry page shows: the host keeps it, so that a page can only name what it was shown. */
export interface CalibrationProposals {
  /** Works out what the evidence of a database bears. Rejects as the reader does, and with what is wrong with the estimator. */
  workOut(
    database: string,
    anyRole: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly state: string; readonly value: PageCalibration }>;
  /** Updates the page, which may write from now on. */
  trustGranted(): void;
  /** Writes the proposal of a state where a person says, and opens the report. */
  write(state: string): Promise<void>;
  /** Applies the proposal of a state to the estimator's file, after a question that shows what changes. */
  apply(state: string): Promise<void>;
  /** Asks for the coefficients in use; resolves to whether there was an answer. */
  chooseEstimator(): Promise<boolean>;
}
