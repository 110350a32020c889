import type * as vscode from 'vscode';
import { DisposableStore } from '../window/disposableStore.ts';

/** The views whose rows keys work on. */
export type KeyboardView = 'runs' | 'drains' | 'failures' | 'identity';

/** What is followed of a view. */
export type FollowedView = Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>;

interface SelectionChange {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
  /** By `performance.now`. */
  readonly at: number;
}

/** How long the editor takes to tell of a change of the selection, in ms. */
const longestMs = 400;
/** A change that the editor told of before the key's own command, in ms. */
const justNowMs = 60;

/**
 * The rows that a key is meant for. An extension is not told which row has the focus, only what is selected: so a key first
 * toggles the selection of the row with the focus, which tells it, and toggles it back when its command was run.
 */
export class SelectedRows implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = new Map<KeyboardView, SelectionChange>();
  readonly #waiting = new Map<KeyboardView, (change: SelectionChange) => void>();

  add(name: KeyboardView, view: FollowedView): void {
    let before: readonly unknown[] = view.selection;
    this.#store.add(
      view.onDidChangeSelection(({ selection: after }) => {
        const change = { before, after, at: performance.now() };
        before = after;
        this.#changes.set(name, change);
        this.#waiting.get(name)?.(change);
        this.#waiting.delete(name);
      }),
    );
  }

  /**
   * The row with the focus first, then the others that are selected with it; it alone where it was not selected. To be
   * asked when its selection was just toggled; empty where no row has the focus.
   */
  async meant(name: KeyboardView): Promise<readonly unknown[]> {
    const change = await this.#latest(name);
    if (change === null) return [];
    const { before, after } = change;
    const added = after.find((row) => !before.includes(row));
    if (added !== undefined) return [added];
    const removed = before.find((row) => !after.includes(row));
    return removed === undefined ? [] : [removed, ...before.filter((row) => row !== removed)];
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #latest(name: KeyboardView): Promise<SelectionChange | null> {
    const last = this.#changes.get(name);
    if (last !== undefined && performance.now() - last.at < justNowMs) return last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), longestMs);
      this.#waiting.set(name, (change) => {
        clearTimeout(timer);
        resolve(change);
      });
    });
  }
}
