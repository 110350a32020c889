import type * as vscode from 'vscode';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';
import type { ExportedSamples, TelemetryExport } from '../../reader/exportChunks.ts';

/** Where exports and pictures of a database (an absolute path, or an address) are written to. */
export interface ExportFiles {
  readonly sha256: Sha256Hex;
  /** Where a file that is made of a database is offered to be put. */
  besideDatabase(path: string, fileName: string): vscode.Uri;
  /** Throws `invalid-argument` for the database itself and for places that cannot be written. */
  refuseDatabase(target: vscode.Uri, path: string): void;
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
