import * as vscode from 'vscode';
import * as z from 'zod';
import type { PhaseKey } from '../../core/model/phase.ts';
import { documentSchemes } from '../ids.ts';

const query = z.object({ database: z.string(), runId: z.string(), phaseId: z.string() });

/** Which phase of which database a document shows. */
export interface PhaseAddress extends PhaseKey {
  /** Absolute. */
  readonly database: string;
}

/** The address of a phase's document; its file name is what the tab shows. */
export function phaseUri({ database, runId, phaseId }: PhaseAddress): vscode.Uri {
  return vscode.Uri.from({
    scheme: documentSchemes.phase,
    path: `/${[runId, phaseId].map((part) => part.replaceAll('/', '∕')).join('/')}.md`,
    query: JSON.stringify({ database, runId, phaseId }),
  });
}

/** The inverse of {@link phaseUri}. */
export function parsePhaseUri(uri: vscode.Uri): PhaseAddress {
  return query.parse(JSON.parse(uri.query));
}
