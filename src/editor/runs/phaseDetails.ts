import * as vscode from 'vscode';
import * as z from 'zod';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { phaseTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { documentSchemes } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { phaseMarkdown } from './phaseMarkdown.ts';

/** What phase details need. */
export interface PhaseDetailsDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** The details of a phase, as a document that follows the database. */
export function registerPhaseDetails({ reader, selected, errors }: PhaseDetailsDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.phase,
      onDidChange: selected.onDidCommit,
      text: async (uri, signal) => {
        const { database, ...key } = parsePhaseUri(uri);
        const { value } = await reader.request(database, 'phase', key, signal);
        return phaseMarkdown(value, database);
      },
    }),
  );
  store.add(
    registerCommand('showPhase', errors, async (argument) => {
      const { runId, phaseId } = phaseTarget(argument);
      // The focus stays in the tree, so that the arrow keys go on to the next phase.
      await showReadOnlyDocument(phaseUri({ database: selected.requirePath(), runId, phaseId }), true);
    }),
  );
  return store;
}

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
function parsePhaseUri(uri: vscode.Uri): PhaseAddress {
  return query.parse(JSON.parse(uri.query));
}
