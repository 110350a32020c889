import * as vscode from 'vscode';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import { t } from '../../core/text/l10n.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { filterLabel } from './filterItems.ts';
import type { RunsFilter, SavedFilter } from './runsFilter.ts';

/** Asks for the name under which a filter is kept. */
export async function saveFilter(filters: RunsFilter, filter: PhaseFilter): Promise<void> {
  const taken = new Set(filters.saved.map(({ name }) => name));
  const name = await safeWindow.showInputBox({
    title: t`Save Filter`,
    prompt: t`Name for the filter: ${filterLabel(filter)}`,
    value: filterLabel(filter),
    validateInput: (text) => {
      if (text.trim() === '') return t`Give the filter a name.`;
      const message = t`There is a filter with this name: it is replaced.`;
      return taken.has(text.trim())
        ? { message, severity: vscode.InputBoxValidationSeverity.Info }
        : undefined;
    },
  });
  if (name !== undefined && name.trim() !== '') await filters.save(name.trim(), filter);
}

const deleteButton = () => ({ iconPath: new vscode.ThemeIcon('trash'), tooltip: t`Delete This Filter` });

interface SavedItem extends vscode.QuickPickItem {
  readonly saved: SavedFilter;
}

/** Lets a person use one of the filters they saved, or delete some. */
export async function chooseSavedFilter(filters: RunsFilter): Promise<void> {
  if (filters.saved.length === 0) {
    await safeWindow.showInformationMessage(
      t`No saved filters yet. Filter the runs, then press the save button at the top of the list.`,
    );
    return;
  }
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<SavedItem>());
  pick.title = t`Saved Filters`;
  pick.placeholder = t`Which filter do you want to use?`;
  const show = (): void => {
    pick.items = filters.saved.map((saved) =>
      safePickItem({
        saved,
        label: saved.name,
        description: filterLabel(saved.filter),
        buttons: [deleteButton()],
      }),
    );
  };
  show();
  const chosen = await new Promise<SavedFilter | undefined>((resolve) => {
    store.add(
      pick.onDidTriggerItemButton(({ item }) => {
        void filters.forget(item.saved.name).then(() => (filters.saved.length === 0 ? pick.hide() : show()));
      }),
    );
    store.add(
      pick.onDidAccept(() => {
        resolve(pick.selectedItems[0]?.saved);
        pick.hide();
      }),
    );
    store.add(pick.onDidHide(() => resolve(undefined)));
    pick.show();
  });
  store.dispose();
  if (chosen !== undefined) await filters.set(chosen.filter);
}
