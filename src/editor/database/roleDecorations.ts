import * as vscode from 'vscode';
import { isGuessed, roleInWords, roleMark, type RoleFacts } from '../../core/identity/roleText.ts';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { colorIds, documentSchemes, roleScheme } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { roleOf, type DatabaseState } from './databaseState.ts';
import type { SelectedDatabase } from './selectedDatabase.ts';

const badges: Readonly<Record<DatabaseRole, string>> = { seed: 'S', legacy: 'L', unknown: '?' };

/** Marks a row as one of a database (absolute and real; the selected one by default): in the color of its role, where that is selected. */
export function markRow(item: vscode.TreeItem, databasePath = ''): vscode.TreeItem {
  item.resourceUri = vscode.Uri.from({ scheme: roleScheme, path: '/row', query: databasePath });
  return item;
}

/** The color of a role, for everything that the theme colors. */
export function roleColor({ role }: RoleFacts): vscode.ThemeColor {
  return new vscode.ThemeColor(colorIds[role]);
}

/** Colors the rows of the selected database, and the tabs of documents about it, with a letter for the role. */
export function registerRoleDecorations({
  selected,
}: {
  readonly selected: SelectedDatabase;
}): DisposableStore {
  const store = new DisposableStore();
  const changes = store.add(new vscode.EventEmitter<undefined>());
  let shown = '';
  const update = (): void => {
    const known = roleOf(selected.state);
    const mark = known === undefined ? '' : roleMark(known);
    if (mark === shown) return;
    shown = mark;
    changes.fire(undefined);
  };
  store.add(selected.onDidChange(update));
  store.add(selected.onDidRecognise(update));
  store.add(
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changes.event,
      provideFileDecoration(uri) {
        const { state } = selected;
        const known = roleOf(state);
        return known !== undefined && isOfSelected(uri, state) ? decorationOf(known) : undefined;
      },
    }),
  );
  return store;
}

function isOfSelected({ scheme, query }: vscode.Uri, state: DatabaseState): boolean {
  // A plan is void as soon as another database is selected.
  if (scheme === documentSchemes.plan) return true;
  return scheme === roleScheme && (query === '' || (state.kind === 'ready' && query === state.facts.path));
}

function decorationOf(known: RoleFacts): vscode.FileDecoration {
  const badge = `${badges[known.role]}${isGuessed(known) ? '?' : ''}`;
  const words = roleInWords(known);
  const tooltip =
    known.role === 'unknown' ? t`Autopack database of unknown role` : t`Autopack database: ${words}`;
  return new vscode.FileDecoration(badge, tooltip, roleColor(known));
}
