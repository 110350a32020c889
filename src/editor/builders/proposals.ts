import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { ProposedFiles } from '../../core/model/executionHost.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { proposalDigest } from '../../node/drain/followerPorts.ts';
import type { FollowerAnswer } from '../../protocol/followerProtocol.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import { drainedPhaseTarget } from '../commands/targets.ts';
import { commandIds } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { proposalIn, type ProposalDocuments } from './proposalDocuments.ts';
import { proposalNotes } from './proposalNotes.ts';

/** Notes that a notification has room for. */
const mostNotes = 3;

/** Files that wait for a person's decision. */
export interface PendingProposal extends ProposedFiles {
  /** Unlike that of any other in this window. */
  readonly number: number;
  /** The database whose drain proposes them; absolute and real. */
  readonly databasePath: string;
}

interface Waiting {
  readonly proposal: PendingProposal;
  readonly decide: (decision: 'approved' | 'rejected') => void;
}

/**
 * Shows what drains want to write as diffs, and takes a person's decision: **Write Files** and **Reject** stand in the
 * title of the diff, and hold for what is shown there. Whoever closes the diff has not decided.
 */
export class Proposals implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #documents: ProposalDocuments;
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  /** One came, or was decided. */
  readonly onDidChange = this.#changes.event;
  readonly #errors: ErrorReporter;
  readonly #waiting = new Map<number, Waiting>();

  constructor(documents: ProposalDocuments, errors: ErrorReporter) {
    this.#documents = documents;
    this.#errors = errors;
    this.#store.add(registerCommand('writeProposedFiles', errors, () => this.#write()));
    this.#store.add(
      registerCommand('rejectProposedFiles', errors, (target) => this.#reject(this.#meant(target))),
    );
    this.#store.add(
      registerCommand('showProposedFiles', errors, async (target) => {
        const waiting = this.#meant(target);
        if (waiting === undefined) throw nothingWaits();
        await this.#show(waiting.proposal);
      }),
    );
    const { tabGroups } = vscode.window;
    this.#store.add(tabGroups.onDidChangeTabs(() => this.#setContexts()));
    this.#store.add(tabGroups.onDidChangeTabGroups(() => this.#setContexts()));
    this.#setContexts();
  }

  /** Those that wait. */
  get pending(): readonly PendingProposal[] {
    return [...this.#waiting.values()].map(({ proposal }) => proposal);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Shows files and resolves with the decision on exactly these; rejects at the signal, by which the question is withdrawn. */
  async decide(files: ProposedFiles, databasePath: string, signal: AbortSignal): Promise<FollowerAnswer> {
    const proposal = { ...files, databasePath, number: this.#documents.newNumber() };
    const digest = proposalDigest(files);
    let onAbort = (): void => undefined;
    try {
      const decided = new Promise<'approved' | 'rejected'>((decide, withdraw) => {
        onAbort = () => withdraw(new Error('The question was withdrawn.'));
        signal.addEventListener('abort', onAbort);
        this.#waiting.set(proposal.number, { proposal, decide });
      });
      this.#changed();
      this.#errors.watch(this.#show(proposal));
      this.#errors.watch(this.#announce(proposal, decided));
      return { kind: 'decision', decision: await decided, digest };
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(proposal.number);
      this.#changed();
      this.#errors.watch(this.#documents.close(proposal.number));
    }
  }

  /** Says that somebody waits, for as long as it is so, whatever becomes of the diff that opens beside it. */
  async #announce(proposal: PendingProposal, decided: Promise<unknown>): Promise<void> {
    const notes = proposalNotes(proposal);
    const more = notes.length > mostNotes ? [`${counted(notes.length - mostNotes, 'more note')}.`] : [];
    const beyond = [...notes.slice(0, mostNotes), ...more].join(' ');
    if (beyond !== '') this.#errors.watch(safeWindow.showWarningMessage(beyond));
    const wants = t`${proposal.key.phaseId} wants to write ${counted(proposal.files.length, 'file')}`;
    const options = { location: vscode.ProgressLocation.Notification, title: wants };
    await safeWindow.withProgress(options, async (progress) => {
      progress.report({ message: `[${t`Show Changes`}](command:${commandIds.showProposedFiles})` });
      await decided.catch(() => undefined);
    });
  }

  async #show(proposal: PendingProposal): Promise<void> {
    const { number, key, files } = proposal;
    await this.#documents.show({ number, files, title: t`Proposed by ${key.phaseId}` });
    // It may have been decided while the diff was being opened.
    if (!this.#waiting.has(number)) await this.#documents.close(number);
    this.#setContexts();
  }

  /** Only what is on the screen can be agreed to. */
  async #write(): Promise<void> {
    const shown = this.#shown();
    if (shown !== undefined) {
      shown.decide('approved');
      return;
    }
    const first = this.#meant(undefined);
    if (first === undefined) throw nothingWaits();
    await this.#show(first.proposal);
  }

  #reject(waiting: Waiting | undefined): void {
    if (waiting === undefined) throw nothingWaits();
    waiting.decide('rejected');
    const { phaseId } = waiting.proposal.key;
    const message = t`Rejected: nothing was written. ${phaseId} counts as failed, and the drain goes on.`;
    this.#errors.watch(safeWindow.showInformationMessage(message));
  }

  /** The one on the screen, that of the row a command was called on, or else the first. */
  #meant(target: unknown): Waiting | undefined {
    const key = drainedPhaseTarget(target);
    if (key !== undefined) return this.#of(key);
    return this.#shown() ?? this.#waiting.values().next().value;
  }

  #of({ runId, phaseId }: PhaseKey): Waiting | undefined {
    return [...this.#waiting.values()].find(
      ({ proposal: { key } }) => key.runId === runId && key.phaseId === phaseId,
    );
  }

  #shown(): Waiting | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const number = tab === undefined ? null : proposalIn(tab);
    return number === null ? undefined : this.#waiting.get(number);
  }

  #changed(): void {
    this.#setContexts();
    this.#changes.fire();
  }

  #setContexts(): void {
    setContext('proposalPending', this.#waiting.size > 0);
    setContext('proposalShown', this.#shown() !== undefined);
  }
}

function nothingWaits(): UserFacingError {
  return new UserFacingError(
    'changed',
    t`These changes are not waiting for a decision any more.`,
    t`Look at the phase in the Drains view.`,
  );
}
