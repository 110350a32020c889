import * as vscode from 'vscode';
import type { PhaseFilter } from '../../../core/model/phaseFilter.ts';
import type { PhaseKinds } from '../../../core/queries/stateCounts.ts';
import { DisposableStore } from '../../disposableStore.ts';
import { safePickItem } from '../../text/safeTreeItem.ts';
import { filterFrom, type FilterList, type FilterValue, filterValues } from './filterItems.ts';

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
export async function askFilter(
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
