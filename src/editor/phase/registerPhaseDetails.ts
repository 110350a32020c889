import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { phaseTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { documentSchemes } from '../ids.ts';
import { parsePhaseUri, phaseUri } from './phaseAddress.ts';
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
        const { value } = await reader.ask(database, 'phase', key, signal);
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
