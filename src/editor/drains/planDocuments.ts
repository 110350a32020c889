import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { executeCommand, registerCommand, setContext } from '../commands/registerCommand.ts';
import { documentSchemes } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import type { Offer } from '../offers/offers.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { expiredPlanText } from './planDocumentText.ts';

/** A plan that waits for its answer. */
interface PendingPlan {
  readonly offer: Offer;
  /** Says yes in the words of the dialog before. */
  readonly action: string;
  readonly answer: (agreed: boolean) => void;
}

/** The database is named in the title of the tab as well. */
function planUri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: documentSchemes.plan, path: `/${t`Drain plan: ${databaseName(path)}`}` });
}

/**
 * Shows the plan of a drain as a document that carries its own confirmation: **Drain** and **Cancel** stand in its
 * title, hold for that plan alone, and go as soon as the database is no longer the one the plan was made for.
 */
export class PlanDocuments implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  #uri: vscode.Uri | undefined;
  #text = '';
  #pending: PendingPlan | undefined;

  constructor(errors: ErrorReporter) {
    this.#store.add(
      registerReadOnlyDocuments({
        scheme: documentSchemes.plan,
        text: (uri) => Promise.resolve(uri.toString() === this.#uri?.toString() ? this.#text : olderPlan()),
        onDidChange: this.#changes.event,
      }),
    );
    this.#store.add(registerCommand('drainAsPlanned', errors, () => this.#agree()));
    this.#store.add(registerCommand('cancelPlan', errors, () => this.#cancel()));
    // Who closes a plan does not want it.
    this.#store.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => this.#isOpenPlan(tab))) this.#answer(false);
      }),
    );
    setContext('planPending', false);
  }

  /** Opens the plan in the place of the one before, and resolves to whether a person agreed to it. `action` says yes in words. */
  async ask(markdown: string, offer: Offer, action: string): Promise<boolean> {
    this.#answer(false);
    this.#uri = planUri(offer.basis.path);
    await closePlans((tab) => !this.#isOpenPlan(tab));
    const agreed = new Promise<boolean>((answer) => {
      this.#pending = { offer, action, answer };
    });
    const pending = this.#pending;
    const watching = offer.onDidExpire((change) => this.#expire(pending, change));
    try {
      this.#write(markdown);
      setContext('planPending', true);
      await showReadOnlyDocument(planUri(offer.basis.path), false);
      return await agreed;
    } finally {
      watching.dispose();
    }
  }

  /** Opens a plan that there is nothing to agree to. */
  async show(markdown: string, path: string): Promise<void> {
    this.#answer(false);
    this.#uri = planUri(path);
    await closePlans((tab) => !this.#isOpenPlan(tab));
    this.#write(markdown);
    await showReadOnlyDocument(this.#uri, false);
  }

  dispose(): void {
    this.#answer(false);
    this.#store.dispose();
  }

  async #agree(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    const change = await pending.offer.change();
    if (this.#pending !== pending) return;
    if (change !== null) {
      this.#expire(pending, change);
      return;
    }
    this.#answer(true);
    await closePlans();
  }

  async #cancel(): Promise<void> {
    this.#answer(false);
    await closePlans();
  }

  /** Says in the document and beside it why the plan is void. */
  #expire(pending: PendingPlan | undefined, change: string): void {
    if (pending === undefined || this.#pending !== pending) return;
    const { path } = pending.offer.basis;
    this.#answer(false);
    this.#write(expiredPlanText(path, change));
    void this.#sayExpired(databaseName(path), change);
  }

  async #sayExpired(name: string, change: string): Promise<void> {
    const check = t`Check Identity`;
    const message = t`The drain plan for ${name} no longer applies: ${change}. Nothing was drained.`;
    if ((await safeWindow.showWarningMessage(message, check)) === check)
      await executeCommand('checkIdentity');
  }

  #answer(agreed: boolean): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    setContext('planPending', false);
    pending.answer(agreed);
  }

  #isOpenPlan(tab: vscode.Tab): boolean {
    return planOf(tab)?.toString() === this.#uri?.toString();
  }

  #write(markdown: string): void {
    this.#text = markdown;
    this.#changes.fire();
  }
}

/** What stands in a tab from before the window was reloaded. */
const olderPlan = (): string =>
  `${t`This plan no longer applies. Run **Autopack: Drain…** again for a new one.`}\n`;

async function closePlans(which: (tab: vscode.Tab) => boolean = () => true): Promise<void> {
  const open = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter((tab) => planOf(tab) !== undefined && which(tab));
  if (open.length > 0) await vscode.window.tabGroups.close(open);
}

/** The address of the plan in a tab, if it is one. */
function planOf({ input }: vscode.Tab): vscode.Uri | undefined {
  const isDocument = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  return isDocument && input.uri.scheme === documentSchemes.plan ? input.uri : undefined;
}
