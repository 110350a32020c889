import * as vscode from 'vscode';
import type { UserFacingError } from '../../core/errors.ts';
import type { Finding } from '../../core/identity/findings.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { issuesOf, type IssueMonitor } from './issues.ts';
import { selectionFindings } from './selectionFindings.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { documentSchemes } from '../ids.ts';
import type { Offers } from '../offers/offers.ts';
import { escapeMarkdown, inlineCode } from '../../core/text/markdown.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { identityMarkdown } from './identityFacts.ts';
import { type IdentityContext, identityVerdict, verdictText } from './identityVerdict.ts';

/** What the identity check needs. */
export interface IdentityCheckDeps {
  readonly selected: SelectedDatabase;
  readonly monitor: IssueMonitor;
  readonly offers: Offers;
  /** Whether only the file can be looked at, and nothing written. */
  readonly isInBrowser?: boolean;
  readonly errors: ErrorReporter;
}

/**
 * Check Database Identity: says in a sentence which database this is, what is wrong with it or around it and what to do
 * next, and opens all facts.
 */
export function registerIdentityCheck(deps: IdentityCheckDeps): DisposableStore {
  const { selected, monitor, errors, isInBrowser } = deps;
  const store = new DisposableStore();
  let acknowledged: Acknowledged = { fileId: null, findings: [] };
  const changes = store.add(new vscode.EventEmitter<void>());
  store.add(selected.onDidChange(() => changes.fire()));
  store.add(monitor.onDidChange(() => changes.fire()));
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.identity,
      onDidChange: changes.event,
      text: (uri) =>
        Promise.resolve(
          selected.path !== undefined && uri.query !== selected.path
            ? otherSelected(uri.query, selected.path)
            : identityText(selected.state, monitor, acknowledged, isInBrowser),
        ),
    }),
  );
  store.add(
    registerCommand('checkIdentity', errors, async () => {
      const replaced = selectionFindings(selected.state).filter(({ code }) => code === 'replaced');
      const facts = await selected.readFacts();
      if (acknowledged.fileId !== facts.fileId || replaced.length > 0)
        acknowledged = { fileId: facts.fileId, findings: replaced };
      await check(facts, replaced, deps);
    }),
  );
  return store;
}

/** That a file was replaced, which is known no more once somebody has looked at it: the document goes on saying so. */
interface Acknowledged {
  readonly fileId: string | null;
  readonly findings: readonly Finding[];
}

async function check(
  facts: DatabaseFacts,
  replaced: readonly Finding[],
  { selected, monitor, offers, isInBrowser }: IdentityCheckDeps,
): Promise<void> {
  const offer = await offers.about(facts.path);
  const issues = [...replaced, ...(await monitor.lookForIssues())];
  const path = `/${t`Identity of ${databaseName(facts.path)}`}`;
  const query = selected.path ?? '';
  await showReadOnlyDocument(vscode.Uri.from({ scheme: documentSchemes.identity, path, query }), false);
  const verdict = identityVerdict(facts, { issues, isTrusted: vscode.workspace.isTrusted, isInBrowser });
  const { severity, action } = verdict;
  const chosen = await offer.ask({
    severity: severity === 'good' ? 'information' : 'warning',
    message: verdictText(verdict),
    buttons: action === undefined ? [] : [action.title],
    harmless: action === undefined || action.writes ? [] : [action.title],
  });
  if (chosen !== undefined && action !== undefined) await executeCommand(action.command);
}

/** What the document says: from what is known already, for reading it again would change what is known. */
function identityText(
  state: DatabaseState,
  { report }: IssueMonitor,
  acknowledged: Acknowledged,
  isInBrowser?: boolean,
): string {
  const isReported = state.kind !== 'none' && report.path === state.path;
  const context: IdentityContext = {
    issues: [
      ...(state.kind === 'ready' && state.facts.fileId === acknowledged.fileId ? acknowledged.findings : []),
      ...(isReported ? issuesOf(report) : []),
    ],
    isTrusted: vscode.workspace.isTrusted,
    isInBrowser,
  };
  switch (state.kind) {
    case 'none':
      return t`No database is selected.`;
    case 'checking':
      return t`Checking ${inlineCode(state.path)}…`;
    case 'problem':
      return state.facts === undefined
        ? problemText(state.path, state.error)
        : identityMarkdown(state.facts, identityVerdict(state.facts, context));
    case 'ready':
      return identityMarkdown(state.facts, identityVerdict(state.facts, context));
  }
}

/** A tab names the database it was opened for: it must not show another one. */
function otherSelected(path: string, selected: string): string {
  return `# ${t`${inlineCode(databaseName(path))} is no longer selected`}\n\n${t`${inlineCode(selected)} is. Run **Autopack: Check Database Identity** to check that one.`}\n`;
}

function problemText(path: string, error: UserFacingError): string {
  return `# ${inlineCode(databaseName(path))}\n\n${escapeMarkdown(error.message)} **${escapeMarkdown(error.nextStep)}**\n`;
}
