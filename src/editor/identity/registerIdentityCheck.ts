import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { UserFacingError } from '../../core/errors.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../disposableStore.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import type { ErrorReporter } from '../errors/errorReporter.ts';
import { documentSchemes } from '../ids.ts';
import { escapeMarkdown, inlineCode } from '../text/markdownText.ts';
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
      text: () => Promise.resolve(identityText(selected.state)),
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

/** What the document says: from what is known already, for reading it again would change what is known. */
function identityText(state: DatabaseState): string {
  switch (state.kind) {
    case 'none':
      return 'No database is selected.';
    case 'checking':
      return `Looking at ${inlineCode(state.path)}…`;
    case 'problem':
      return state.facts === undefined
        ? problemText(state.path, state.error)
        : identityMarkdown(state.facts, identityVerdict(state.facts));
    case 'ready':
      return identityMarkdown(state.facts, identityVerdict(state.facts));
  }
}

function problemText(path: string, error: UserFacingError): string {
  return `# ${inlineCode(basename(path))}\n\n${escapeMarkdown(error.message)} **${escapeMarkdown(error.nextStep)}**\n`;
}
