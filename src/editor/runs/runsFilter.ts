import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { anyPhase, isFiltering, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';

const filtersKey = 'runsFilters';
const savedKey = 'savedRunsFilters';

const stored = lazily(() => {
  const names = z.array(z.string());
  const filter = z.object({ states: names, text: z.string(), categories: names, complexities: names });
  return {
    filters: z.record(z.string(), filter).catch({}),
    saved: z.array(z.object({ name: z.string(), filter })).catch([]),
  };
});

/** Databases whose filters are remembered. */
const mostDatabases = 50;

/** A filter that a person gave a name. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: PhaseFilter;
}

/** Which phases the Runs view shows, for each database; kept for the workspace, as are the filters that were named. */
export class RunsFilter implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #memento: vscode.Memento;
  readonly #selected: Pick<SelectedDatabase, 'path'>;
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changes.event;
  #path: string | undefined;
  #filter: PhaseFilter = anyPhase;

  constructor(memento: vscode.Memento, selected: Pick<SelectedDatabase, 'path' | 'onDidChange'>) {
    this.#memento = memento;
    this.#selected = selected;
    this.#follow();
    this.#store.add(selected.onDidChange(() => this.#follow()));
  }

  /** `null` where everything is shown. */
  get active(): PhaseFilter | null {
    return isFiltering(this.#filter) ? this.#filter : null;
  }

  /** By name. */
  get saved(): readonly SavedFilter[] {
    return stored().saved.parse(this.#memento.get(savedKey));
  }

  /** `null` shows everything. */
  async set(filter: PhaseFilter | null): Promise<void> {
    this.#filter = filter ?? anyPhase;
    this.#changes.fire();
    const path = this.#selected.path ?? '';
    const others = Object.entries(this.#filters).filter(([each]) => each !== path);
    const own = this.active === null ? [] : [[path, this.active] as const];
    await this.#memento.update(filtersKey, Object.fromEntries([...others, ...own].slice(-mostDatabases)));
  }

  /** Keeps a filter under a name, in the place of another of that name. */
  async save(name: string, filter: PhaseFilter): Promise<void> {
    const others = this.saved.filter((each) => each.name !== name);
    const all = [...others, { name, filter }].sort((a, b) => a.name.localeCompare(b.name));
    await this.#memento.update(savedKey, all);
  }

  async forget(name: string): Promise<void> {
    await this.#memento.update(
      savedKey,
      this.saved.filter((each) => each.name !== name),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  get #filters(): Readonly<Record<string, PhaseFilter>> {
    return stored().filters.parse(this.#memento.get(filtersKey));
  }

  #follow(): void {
    const { path } = this.#selected;
    if (path === this.#path) return;
    this.#path = path;
    this.#filter = (path === undefined ? undefined : this.#filters[path]) ?? anyPhase;
    this.#changes.fire();
  }
}
