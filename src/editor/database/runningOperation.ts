import * as vscode from 'vscode';
import { operationRoles, type Operation } from '../../core/identity/operation.ts';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';

const wrongRoleTexts: Readonly<Record<Operation, () => string>> = {
  seed: () => t`wrong role for seeding`,
  drain: () => t`wrong role for draining`,
  'mark-stale': () => t`wrong role for marking stale phases`,
  requeue: () => t`wrong role for re-queueing phases`,
  'delete-run': () => t`wrong role for deleting a run`,
  canary: () => t`wrong role for asking with a canary run`,
  undo: () => t`wrong role for undoing a change`,
};

/** What a command is about to do to the selected database, for as long as it asks and works. */
export class RunningOperation implements vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;
  #current: Operation | null = null;

  /** Does the work, and is over when that is. */
  async during<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    this.#become(operation);
    try {
      return await work();
    } finally {
      this.#become(null);
    }
  }

  /** `wrong role for seeding`, where the operation under way is not meant for such a database; else `null`. */
  wrongRole(role: DatabaseRole): string | null {
    if (this.#current === null || role === 'unknown') return null;
    if (operationRoles[this.#current].includes(role)) return null;
    return wrongRoleTexts[this.#current]();
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #become(operation: Operation | null): void {
    this.#current = operation;
    this.#changes.fire();
  }
}
