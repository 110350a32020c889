import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { printable } from '../../core/text/printable.ts';
import type { DrainControl } from '../../protocol/drainProtocol.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { builtPhaseTarget, drainTarget, logsTarget, sessionTarget } from '../commands/targets.ts';
import { viewIds, type LogsTarget } from '../ids.ts';
import { createTreeView } from '../window/treeView.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import type { DrainDiscovery } from './drainDiscovery.ts';
import type { DrainRunner } from './drainRunner.ts';
import type { DrainsTree } from './drainsTree.ts';
import { sessionsFolder } from './followedDrainStore.ts';
import { drainsTitle } from './sessionTexts.ts';

/** How often the clock of a drain under way moves on, and those of other programs are looked at. */
const tickMs = 1000;

/** What the Drains view needs. */
export interface DrainsViewDeps {
  readonly tree: DrainsTree;
  readonly runner: DrainRunner;
  readonly discovery: DrainDiscovery;
  readonly builders: Pick<Builders, 'handsOff' | 'documents'>;
  /** Told which view has the rows. */
  readonly addRows: (view: Pick<vscode.TreeView<unknown>, 'selection' | 'onDidChangeSelection'>) => void;
  readonly errors: ErrorReporter;
}

/** The Drains view and its commands. It follows the session files, whoever writes them, while it is on the screen. */
export function registerDrains({
  tree,
  runner,
  discovery,
  builders: { handsOff, documents },
  addRows,
  errors,
}: DrainsViewDeps): DisposableStore {
  const store = new DisposableStore();
  const view = store.add(createTreeView(viewIds.drains, { treeDataProvider: tree, showCollapseAll: true }));
  addRows(view);
  const refresh = (): void => {
    void discovery.look();
    if (view.visible) void tree.refresh();
  };
  store.add(view.onDidChangeVisibility(refresh));
  const entitle = (): void => {
    view.description = printable(drainsTitle(runner.lives));
  };
  entitle();
  store.add(runner.onDidChange(entitle));
  const sayHandsOff = (): void => {
    view.message = handsOff.isOn ? t`Hands-off: drains write files without asking.` : '';
  };
  sayHandsOff();
  store.add(handsOff.onDidChange(sayHandsOff));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(sayHandsOff));
  store.add(watchSessionFiles(refresh));
  const ticking = setInterval(() => {
    if (!view.visible) return;
    if (runner.lives.length > 0) tree.tick();
    void tree.checkOthers();
  }, tickMs);
  store.add({ dispose: () => clearInterval(ticking) });
  const ask = (argument: unknown, kind: DrainControl['kind']): void => {
    // From the palette: the drain of the selected database, or else the one there is.
    const wanted = drainTarget(argument)?.databasePath ?? discovery.selected;
    const { lives } = runner;
    const live = lives.find(({ databasePath }) => databasePath === wanted) ?? lives[0];
    if (live !== undefined) runner.ask(live.databasePath, kind);
  };
  store.add(registerCommand('cancelDrain', errors, (drain) => ask(drain, 'cancel')));
  store.add(registerCommand('pauseDrain', errors, (drain) => ask(drain, 'pause')));
  store.add(registerCommand('continueDrain', errors, (drain) => ask(drain, 'continue')));
  store.add(registerCommand('showOlderDrains', errors, () => tree.showOlder()));
  store.add(registerCommand('openDrainLog', errors, (node) => openLog(logsTarget(node), 'best')));
  store.add(registerCommand('openDrainOutput', errors, (node) => openLog(logsTarget(node), 'output')));
  store.add(registerCommand('openDrainErrors', errors, (node) => openLog(logsTarget(node), 'errors')));
  const isDraining = (folder: string): boolean =>
    runner.lives.some(({ workspaceFolder }) => workspaceFolder === folder);
  store.add(
    registerCommand('restorePhaseFiles', errors, async (node) => {
      const { restorePhaseFiles } = await import('../builders/restorePhaseFiles.ts');
      await restorePhaseFiles(builtPhaseTarget(node), { documents, isDraining });
    }),
  );
  store.add(
    registerCommand('revealDrainSession', errors, async (node) => {
      const { folder, sessionId } = sessionTarget(node);
      const { SessionFiles } = await import('../../node/drain/sessionStore.ts');
      const file = vscode.Uri.file(new SessionFiles(folder).pathOf(sessionId));
      await vscode.commands.executeCommand('revealInExplorer', file);
    }),
  );
  return store;
}

/** Calls back a moment after session files of any workspace folder came, went or changed. */
function watchSessionFiles(changed: () => void): DisposableStore {
  const store = new DisposableStore();
  const watchers = store.add(new DisposableStore());
  let soon: NodeJS.Timeout | undefined;
  const checkNow = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      changed();
    }, 200);
  };
  const watch = (): void => {
    watchers.clear();
    for (const folder of localFolders()) {
      // The folders too: what is written into one just made may come before its watcher.
      const paths = [dirname(sessionsFolder), sessionsFolder, `${sessionsFolder}/*.json`];
      const pattern = new vscode.RelativePattern(folder, `{${paths.join(',')}}`);
      const watcher = watchers.add(vscode.workspace.createFileSystemWatcher(pattern));
      watchers.add(watcher.onDidCreate(checkNow));
      watchers.add(watcher.onDidChange(checkNow));
      watchers.add(watcher.onDidDelete(checkNow));
    }
  };
  watch();
  store.add(
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      watch();
      checkNow();
    }),
  );
  store.add({ dispose: () => clearTimeout(soon) });
  return store;
}

/** Opens a log; `best` is what the phase complained about, or what it said where it did not complain. */
async function openLog(
  { stdoutPath, stderrPath }: LogsTarget,
  which: 'best' | 'output' | 'errors',
): Promise<void> {
  const complained = which === 'errors' || (which === 'best' && ((await sizeOf(stderrPath)) ?? 0) > 0);
  const path = complained ? stderrPath : stdoutPath;
  if (path === null) {
    throw new UserFacingError('not-found', t`The session has no such log.`, t`Open the other one.`);
  }
  if ((await sizeOf(path)) === null) {
    throw new UserFacingError(
      'not-found',
      t`The log ${path} no longer exists.`,
      t`The end of the output is in the session file. Reveal that file.`,
    );
  }
  // The focus stays in the tree, so that the arrow keys go on to the next phase.
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true, preserveFocus: true });
}

/** In bytes; `null` where there is no such file. */
async function sizeOf(path: string | null): Promise<number | null> {
  if (path === null) return null;
  return stat(path).then(
    // A session that somebody else wrote may name a device: the editor would read it for ever.
    (stats) => (stats.isFile() ? stats.size : null),
    () => null,
  );
}
