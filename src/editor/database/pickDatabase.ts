import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { CandidateList, type DatabaseLook } from './databaseCandidate.ts';
import {
  databasePickItems,
  type DatabasePickItem,
  type NamedProblem,
  type PickAction,
  type ShortenPath,
} from './databasePickItems.ts';
import type { NamedDatabase } from './namedDatabase.ts';
import { RowHistory, settledChoice } from './rowHistory.ts';

/** Where the pick gets its items. */
export interface PickSources {
  /** Absolute paths of SQLite files, as they are found. */
  readonly find: (signal: AbortSignal) => AsyncIterable<string>;
  /** Databases that were selected before and that no search finds: those of servers. */
  readonly recent: readonly string[];
  readonly named: () => Promise<readonly NamedDatabase[]>;
  readonly look: (path: string, signal: AbortSignal) => Promise<DatabaseLook>;
  readonly shorten: ShortenPath;
  /** Whether databases can be connected to and made as well. */
  readonly offersMore: boolean;
  /** Absolute path of what is selected now. */
  readonly selected: string | undefined;
  /** Reports failures while searching; the pick goes on. */
  readonly onError: (error: unknown) => void;
}

/** How long items are gathered before the first are shown, in ms: most workspaces are known whole by then, and nothing moves. */
const firstGatherMs = 400;
/** How long further items are gathered, in ms. */
const gatherMs = 800;

/** Lets the user choose a database; items appear while they are found. `undefined` when they choose none. */
export function pickDatabase(sources: PickSources): Promise<PickAction | undefined> {
  const store = new DisposableStore();
  const abort = new AbortController();
  const pick = store.add(vscode.window.createQuickPick<DatabasePickItem>());
  pick.title = t`Select Database`;
  pick.placeholder = t`Choose the database to work on`;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.keepScrollPosition = true;
  pick.busy = true;

  let timer: NodeJS.Timeout | undefined;
  let hasShown = false;
  const rows = new RowHistory();
  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    hasShown = true;
    const active = pick.activeItems[0]?.action;
    const items = databasePickItems({ ...sources, candidates: list.all, problems }).map(safePickItem);
    // The editor draws all rows anew, and a click between pressing and letting go would be lost for nothing.
    if (JSON.stringify(items) !== JSON.stringify(pick.items)) pick.items = items;
    const same = pick.items.find(({ action }) => isSame(action, active));
    // Until the user moves, Enter takes the first sound database, and nothing before all are known: a copy may be among
    // those still to be found.
    preselected = isComplete ? pick.items.find(({ isSound }) => isSound === true) : undefined;
    const wanted = hasMoved ? same : preselected;
    pick.activeItems = wanted === undefined ? [] : [wanted];
    rows.note(pick.items.map(keyOf), performance.now());
  };
  const showSoon = (): void => {
    timer ??= setTimeout(show, hasShown ? gatherMs : firstGatherMs);
  };
  let hasMoved = false;
  let isComplete = false;
  let preselected: DatabasePickItem | undefined;
  const problems: NamedProblem[] = [];
  const list = new CandidateList((path) => sources.look(path, abort.signal), showSoon);

  return new Promise((resolve) => {
    store.add(
      pick.onDidChangeActive(([active]) => {
        // The editor itself may put the first item forward, before it is told which is meant.
        hasMoved ||= active !== undefined && active !== firstOf(pick) && active !== preselected;
      }),
    );
    store.add(
      pick.onDidAccept(() => {
        const chosen = settledChoice(pick, rows, keyOf, performance.now());
        if (chosen === undefined) return;
        resolve(chosen.action);
        pick.hide();
      }),
    );
    store.add(
      pick.onDidHide(() => {
        abort.abort();
        clearTimeout(timer);
        resolve(undefined);
        store.dispose();
      }),
    );
    showSoon();
    pick.show();
    void gather(sources, list, problems, abort.signal).finally(() => {
      if (abort.signal.aborted) return;
      isComplete = true;
      show();
      pick.busy = false;
    });
  });
}

async function gather(
  sources: PickSources,
  list: CandidateList,
  problems: NamedProblem[],
  signal: AbortSignal,
): Promise<void> {
  const looks: Promise<void>[] = [];
  const add = (path: string, namedBy?: readonly string[]): void => {
    looks.push(list.add(path, namedBy));
  };
  try {
    if (sources.selected !== undefined) add(sources.selected);
    for (const { namedBy, target } of await sources.named()) {
      if (target.kind === 'file') add(target.path, [namedBy]);
      else problems.push({ namedBy, error: target.error });
    }
    for await (const path of sources.find(signal)) add(path);
    for (const path of sources.recent) add(path);
    await Promise.all(looks);
  } catch (error) {
    if (!(error instanceof CancelledError)) sources.onError(error);
  }
}

function firstOf(pick: vscode.QuickPick<DatabasePickItem>): DatabasePickItem | undefined {
  return pick.items.find(({ action }) => action !== undefined);
}

/** The same as long as an item means the same, whatever is known of it. */
function keyOf({ action, label }: DatabasePickItem): string {
  return action?.kind === 'select' ? `select ${action.path}` : `${action?.kind ?? 'separator'} ${label}`;
}

function isSame(a: PickAction | undefined, b: PickAction | undefined): boolean {
  if (a?.kind === 'select' && b?.kind === 'select') return a.path === b.path;
  return a !== undefined && a.kind === b?.kind;
}
