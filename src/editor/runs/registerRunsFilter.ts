import * as vscode from 'vscode';
import { anyPhase, isFiltering, type PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { PhaseKinds } from '../../core/queries/stateCounts.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand, setContext } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { filterFrom, filterValues, type FilterList, type FilterValue } from './filterItems.ts';
import type { RunsFilter } from './runsFilter.ts';
import { chooseSavedFilter, saveFilter } from './savedFilters.ts';

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
  const chooseSaved = async (): Promise<void> => {
    selected.requirePath();
    await chooseSavedFilter(filter);
  };
  const change = async (): Promise<void> => {
    const path = selected.requirePath();
    const answer = await askFilter(filter.active ?? anyPhase, async () => {
      const { value } = await reader.request(path, 'phaseKinds', null);
      return value;
    });
    if (answer === undefined) return;
    if (answer.then === 'choose-saved') return chooseSaved();
    await filter.set(isFiltering(answer.filter) ? answer.filter : null);
    if (answer.then === 'save' && isFiltering(answer.filter)) await saveFilter(filter, answer.filter);
  };
  store.add(filter.onDidChange(updateMenuContext));
  store.add(registerCommand('filterRuns', errors, change));
  store.add(registerCommand('changeRunsFilter', errors, change));
  store.add(registerCommand('useSavedFilter', errors, chooseSaved));
  store.add(registerCommand('clearRunsFilter', errors, () => filter.set(null)));
  updateMenuContext();
  return store;
}

/** What a person wants of the filter. */
interface FilterAnswer {
  readonly filter: PhaseFilter;
  readonly then: 'apply' | 'save' | 'choose-saved';
}

const saveButton = () => ({ iconPath: new vscode.ThemeIcon('save'), tooltip: t`Apply and Save As…` });
const savedButton = () => ({ iconPath: new vscode.ThemeIcon('bookmark'), tooltip: t`Use a Saved Filter…` });

interface TickItem extends vscode.QuickPickItem {
  readonly own?: FilterValue;
}

const titles = (): Readonly<Record<FilterList, string>> => ({
  states: t`State`,
  categories: t`Category`,
  complexities: t`Complexity`,
});

/**
 * Lets a person tick states, categories and complexities, and type a text that the ids are to hold: what is typed does
 * not narrow the list. `undefined` when they leave it. Fails as `kinds` does.
 */
async function askFilter(
  before: PhaseFilter,
  kinds: () => Promise<PhaseKinds>,
): Promise<FilterAnswer | undefined> {
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<TickItem>());
  pick.title = t`Filter Runs`;
  pick.placeholder = t`Filter by state, category or text`;
  pick.canSelectMany = true;
  const save = saveButton();
  pick.buttons = [save, savedButton()];
  pick.value = before.text;
  pick.busy = true;
  pick.enabled = false;
  const closed = new AbortController();
  const answer = new Promise<FilterAnswer | undefined>((resolve) => {
    const answerWith = (then: FilterAnswer['then']): void => {
      const chosen = filterFrom(valuesIn(pick.selectedItems), valuesIn(pick.items).length, pick.value);
      resolve({ filter: chosen, then });
      pick.hide();
    };
    store.add(pick.onDidAccept(() => answerWith('apply')));
    store.add(pick.onDidTriggerButton((button) => answerWith(button === save ? 'save' : 'choose-saved')));
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
    const separator = { label: titles()[own.list], kind: vscode.QuickPickItemKind.Separator };
    return isFirst ? [separator, item] : [item];
  });
}
