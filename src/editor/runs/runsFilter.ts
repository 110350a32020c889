import * as vscode from 'vscode';
import * as z from 'zod';
import { anyPhase, isFiltering, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { PhaseKinds } from '../../core/queries/stateCounts.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { filterFrom, filterValues, type FilterList, type FilterValue } from './filterItems.ts';

const storageKey = 'autopackHygiene.runsFilter';

const names = z.array(z.string());
const stored = z.object({ states: names, text: z.string(), categories: names, complexities: names });

/** Which phases the Runs view shows; kept for the workspace. */
export class RunsFilter implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;
  #filter: PhaseFilter;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    const before = stored.safeParse(memento.get(storageKey));
    this.#filter = before.success ? before.data : anyPhase;
  }

  /** `null` where everything is shown. */
  get active(): PhaseFilter | null {
    return isFiltering(this.#filter) ? this.#filter : null;
  }

  /** `null` shows everything. */
  async set(filter: PhaseFilter | null): Promise<void> {
    this.#filter = filter ?? anyPhase;
    this.#changes.fire();
    await this.#memento.update(storageKey, this.active ?? undefined);
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** What filtering needs. */
export interface RunsFilterDeps {
  readonly filter: RunsFilter;
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** Choosing, changing and clearing the filter of the Runs view. */
export function registerRunsFilter({ filter, reader, selected, errors }: RunsFilterDeps): DisposableStore {
  const store = new DisposableStore();
  const updateMenuContext = (): void => setContext('filtered', filter.active !== null);
  const change = async (): Promise<void> => {
    const path = selected.requirePath();
    const asked = await askFilter(filter.active ?? anyPhase, async () => {
      const { value } = await reader.request(path, 'phaseKinds', null);
      return value;
    });
    if (asked !== undefined) await filter.set(isFiltering(asked) ? asked : null);
  };
  store.add(filter.onDidChange(updateMenuContext));
  store.add(registerCommand('filterRuns', errors, change));
  store.add(registerCommand('changeRunsFilter', errors, change));
  store.add(registerCommand('clearRunsFilter', errors, () => filter.set(null)));
  updateMenuContext();
  return store;
}

interface TickItem extends vscode.QuickPickItem {
  readonly own?: FilterValue;
}

const titles: Readonly<Record<FilterList, string>> = {
  states: 'State',
  categories: 'Category',
  complexities: 'Complexity',
};

/**
 * Lets a person tick states, categories and complexities, and type a text that the ids are to hold: what is typed does
 * not narrow the list. `undefined` when they leave it. Fails as `kinds` does.
 */
async function askFilter(
  before: PhaseFilter,
  kinds: () => Promise<PhaseKinds>,
): Promise<PhaseFilter | undefined> {
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<TickItem>());
  pick.title = 'Filter Runs';
  pick.placeholder = 'Filter by state, category or text';
  pick.canSelectMany = true;
  pick.value = before.text;
  pick.busy = true;
  pick.enabled = false;
  const closed = new AbortController();
  const answer = new Promise<PhaseFilter | undefined>((resolve) => {
    store.add(
      pick.onDidAccept(() => {
        resolve(filterFrom(valuesIn(pick.selectedItems), valuesIn(pick.items).length, pick.value));
        pick.hide();
      }),
    );
    store.add(
      pick.onDidHide(() => {
        closed.abort();
        resolve(undefined);
      }),
    );
  });
  pick.show();
  try {
    const values = filterValues(await kinds(), before);
    if (!closed.signal.aborted) {
      pick.items = itemsOf(values);
      pick.selectedItems = pick.items.filter(({ own }) => own?.isTicked === true);
      pick.busy = false;
      pick.enabled = true;
    }
    return await answer;
  } finally {
    store.dispose();
  }
}

function valuesIn(items: readonly TickItem[]): FilterValue[] {
  return items.flatMap(({ own }) => (own === undefined ? [] : [own]));
}

function itemsOf(values: readonly FilterValue[]): TickItem[] {
  return values.flatMap((own, index) => {
    const item = safePickItem({ own, label: own.label, description: own.description, alwaysShow: true });
    const isFirst = own.list !== values[index - 1]?.list;
    const separator = { label: titles[own.list], kind: vscode.QuickPickItemKind.Separator };
    return isFirst ? [separator, item] : [item];
  });
}
