import { basename } from 'node:path';
import * as vscode from 'vscode';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { documentSchemes } from '../ids.ts';
import { identityMarkdown } from './identityMarkdown.ts';
import { identityVerdict } from './identityVerdict.ts';

/** What the identity check needs. */
export interface IdentityCheckDeps {
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** Check Database Identity: says in a sentence which database this is and what to do next, and opens all facts. */
export function registerIdentityCheck({ selected, errors }: IdentityCheckDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.identity,
      onDidChange: selected.onDidChange,
      text: async () => {
        const { state } = selected;
        const facts = state.kind === 'ready' ? state.facts : await selected.readFacts();
        return identityMarkdown(facts, identityVerdict(facts));
      },
    }),
  );
  store.add(
    registerCommand('checkIdentity', errors, async () => {
      const facts = await selected.readFacts();
      const path = `/Identity of ${basename(facts.path)}.md`;
      await showReadOnlyDocument(vscode.Uri.from({ scheme: documentSchemes.identity, path }), false);
      const { severity, sentence, nextStep, action } = identityVerdict(facts);
      const show =
        severity === 'good' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
      const buttons = action === undefined ? [] : [action.title];
      const chosen = await show(`${sentence} ${nextStep}`, ...buttons);
      if (chosen !== undefined && action !== undefined) await executeCommand(action.command);
    }),
  );
  return store;
}
