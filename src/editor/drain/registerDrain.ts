import * as vscode from 'vscode';
import { registerCommand } from '../commands/registerCommand.ts';
import { phaseTarget, runTarget } from '../commands/targets.ts';
import { DisposableStore } from '../disposableStore.ts';
import { registerReadOnlyDocuments } from '../documents/readOnlyDocuments.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { documentSchemes } from '../ids.ts';
import { drainDatabase, type DrainDatabaseDeps } from './drainDatabase.ts';
import { drainMarkdown } from './drainMarkdown.ts';
import type { DrainSubject } from './drainSubject.ts';
import { showDrainSummary } from './showDrainSummary.ts';

/** What the drain commands need. */
export interface DrainCommandDeps extends DrainDatabaseDeps {
  readonly errors: ErrorReporter;
}

/** Drain, Drain Run and Drain Phase, and the document of what a drain came to. */
export function registerDrain(deps: DrainCommandDeps): DisposableStore {
  const store = new DisposableStore();
  const { errors } = deps;
  const changes = store.add(new vscode.EventEmitter<void>());
  const reports = new Map<string, string>();
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.drain,
      onDidChange: changes.event,
      text: (uri) =>
        Promise.resolve(
          reports.get(uri.path) ?? 'The details of a drain are shown in the window that drained.',
        ),
    }),
  );
  const drain = async (subject: DrainSubject | undefined): Promise<void> => {
    const finished = await drainDatabase(deps, subject);
    if (finished === undefined) return;
    const { summary, databasePath } = finished;
    const uri = vscode.Uri.from({
      scheme: documentSchemes.drain,
      path: `/${summary.sessionId ?? 'Nothing drained'}.md`,
    });
    reports.set(uri.path, drainMarkdown(summary, databasePath));
    changes.fire();
    await deps.selected.refresh();
    // Not awaited: the message may stand for as long as it likes, and the command has ended.
    errors.watch(showDrainSummary(summary, uri));
  };
  store.add(registerCommand('drain', errors, () => drain(undefined)));
  store.add(registerCommand('drainRun', errors, (target) => drain({ kind: 'run', ...runTarget(target) })));
  store.add(
    registerCommand('drainPhase', errors, (target) => drain({ kind: 'phase', ...phaseTarget(target) })),
  );
  return store;
}
