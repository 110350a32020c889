import * as vscode from 'vscode';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../documents/readOnlyDocuments.ts';
import { DisposableStore } from '../disposableStore.ts';
import { documentSchemes } from '../ids.ts';

/** Shows the plan of the drain that is being asked about, as a document. */
export class PlanDocuments implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  #text = '';

  constructor() {
    this.#store.add(
      registerReadOnlyDocuments({
        scheme: documentSchemes.plan,
        text: () => Promise.resolve(this.#text),
        onDidChange: this.#changes.event,
      }),
    );
  }

  /** Opens the plan, in the place of the one before. */
  async show(markdown: string): Promise<void> {
    this.#text = markdown;
    this.#changes.fire();
    const uri = vscode.Uri.from({ scheme: documentSchemes.plan, path: '/Plan of the drain.md' });
    await showReadOnlyDocument(uri, false);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
