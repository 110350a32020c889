import * as vscode from 'vscode';
import type { FoundReason, LookForReasons } from '../../core/failures/clusterFailures.ts';
import type { Phase } from '../../core/model/phase.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import { phaseUri, rowAddress, runUri } from '../commands/rowDocuments.ts';
import { phaseTarget, runTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { documentSchemes } from '../ids.ts';
import { isDrainable } from '../window/labels.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../window/readOnlyDocuments.ts';

/** What details of phases and runs need. */
export interface PhaseDetailsDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  /** Finds out outside of a database why a phase failed. */
  readonly lookForReasons: LookForReasons;
  readonly errors: ErrorReporter;
}

/** The details of a phase and of a run, as documents that follow the database and carry what can be done with it. */
export function registerPhaseDetails({
  reader,
  selected,
  lookForReasons,
  errors,
}: PhaseDetailsDeps): DisposableStore {
  const store = new DisposableStore();
  const open = store.add(new OpenPhases(selected));
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.phase,
      onDidChange: selected.onDidCommit,
      text: async (uri, signal) => {
        const address = rowAddress(uri);
        const { database, runId } = address;
        const phaseId = 'phaseId' in address ? address.phaseId : '';
        const { value } = await reader.request(database, 'phase', { runId, phaseId }, signal);
        open.note(uri, database, value.state);
        const { phaseMarkdown } = await import('./phaseMarkdown.ts');
        return phaseMarkdown(value, database, await toldElsewhere(value, database, lookForReasons));
      },
    }),
  );
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.run,
      onDidChange: selected.onDidCommit,
      text: async (uri, signal) => {
        const { database, runId } = rowAddress(uri);
        const { value } = await reader.request(database, 'runDetail', { runId }, signal);
        const { runMarkdown } = await import('./runMarkdown.ts');
        return runMarkdown(value, database);
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
  store.add(
    registerCommand('showRun', errors, async (argument) => {
      const { runId } = runTarget(argument);
      await showReadOnlyDocument(runUri({ database: selected.requirePath(), runId }), true);
    }),
  );
  return store;
}

/** Why a phase failed that does not say so itself; `null` where it is unknown. */
async function toldElsewhere(
  phase: Phase,
  database: string,
  lookForReasons: LookForReasons,
): Promise<FoundReason | null> {
  if (phase.state !== 'FAILED' || phase.failureReason !== null) return null;
  const { runId, phaseId } = phase;
  return (await lookForReasons([{ runId, phaseId }], database))[0] ?? null;
}

/** The phase documents that are open, so that their titles offer only what can be done. */
class OpenPhases implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #selected: SelectedDatabase;
  readonly #open = new Map<string, { readonly database: string; readonly state: string }>();

  constructor(selected: SelectedDatabase) {
    this.#selected = selected;
    this.#store.add(selected.onDidChange(() => this.#publish()));
    this.#store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.#open.delete(uri.toString())) this.#publish();
      }),
    );
    this.#publish();
  }

  note(uri: vscode.Uri, database: string, state: string): void {
    this.#open.set(uri.toString(), { database, state });
    this.#publish();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #publish(): void {
    const own = [...this.#open].filter(([, { database }]) => database === this.#selected.path);
    const where = (is: (state: string) => boolean): string[] =>
      own.flatMap(([uri, { state }]) => (is(state) ? [uri] : []));
    setContext('drainablePhases', where(isDrainable));
    setContext(
      'requeueablePhases',
      where((state) => state === 'FAILED'),
    );
  }
}
