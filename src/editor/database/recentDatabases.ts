import type * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { SelectedDatabase } from './selectedDatabase.ts';

const key = 'recentDatabases';
const stored = lazily(() => z.array(z.string()));
const most = 8;

/** The databases that were selected last in this workspace; absolute paths, the last one first. */
export class RecentDatabases implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #memento: vscode.Memento;
  readonly #selected: Pick<SelectedDatabase, 'path'>;

  constructor(memento: vscode.Memento, selected: Pick<SelectedDatabase, 'path' | 'onDidChange'>) {
    this.#memento = memento;
    this.#selected = selected;
    this.#store.add(
      selected.onDidChange((state) => {
        if (state.kind === 'ready') void this.#note(state.path);
      }),
    );
  }

  /** Without the one that is selected. */
  get others(): readonly string[] {
    return this.#all.filter((path) => path !== this.#selected.path);
  }

  dispose(): void {
    this.#store.dispose();
  }

  get #all(): readonly string[] {
    return stored().safeParse(this.#memento.get(key)).data ?? [];
  }

  async #note(path: string): Promise<void> {
    const before = this.#all;
    if (before[0] === path) return;
    await this.#memento.update(key, [path, ...before.filter((each) => each !== path)].slice(0, most));
  }
}
