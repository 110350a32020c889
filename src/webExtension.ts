import * as vscode from 'vscode';
import { loadOnce } from './core/lazily.ts';
import { maskedLogger } from './core/ports.ts';
import { provideTranslations, t } from './core/text/l10n.ts';
import { browserFiles } from './editor/browser/browserFiles.ts';
import { registerBrowserNotice } from './editor/browser/browserNotice.ts';
import { browserSources } from './editor/browser/browserSources.ts';
import { ownFile } from './editor/browser/ownFile.ts';
import { registerRefusedCommands } from './editor/browser/refusedCommands.ts';
import { registerCommand, registerCommands, setContext } from './editor/commands/registerCommand.ts';
import { RecentDatabases } from './editor/database/recentDatabases.ts';
import { selectDatabaseCommands } from './editor/database/selectDatabaseCommands.ts';
import { registerRoleDecorations } from './editor/database/roleDecorations.ts';
import { RunningOperation } from './editor/database/runningOperation.ts';
import { SelectedDatabase } from './editor/database/selectedDatabase.ts';
import { watchVirtualFile } from './editor/database/virtualPaths.ts';
import { registerDatabaseFile } from './editor/databaseFile/registerDatabaseFile.ts';
import { FailuresTree } from './editor/failures/failuresTree.ts';
import { registerFailures } from './editor/failures/registerFailures.ts';
import { registerDatabaseStatusItem } from './editor/identity/databaseStatusItem.ts';
import { FileMonitor } from './editor/identity/fileMonitor.ts';
import { IgnoredIssues } from './editor/identity/ignoredIssues.ts';
import { registerIdentityCheck } from './editor/identity/registerIdentityCheck.ts';
import { registerIdentityView } from './editor/identity/registerIdentityView.ts';
import { keyboardCommand } from './editor/keyboard/keyboardCommand.ts';
import { SelectedRows, type FollowedView, type KeyboardView } from './editor/keyboard/selectedRows.ts';
import { registerLinks } from './editor/links/registerLinks.ts';
import { Offers } from './editor/offers/offers.ts';
import { CheckedRows } from './editor/runs/checkedRows.ts';
import { findPhaseCommand } from './editor/runs/findPhase.ts';
import { registerPhaseDetails } from './editor/runs/phaseDetails.ts';
import { registerComparison } from './editor/runs/registerComparison.ts';
import { registerRunsFilter } from './editor/runs/registerRunsFilter.ts';
import { RunsFilter } from './editor/runs/runsFilter.ts';
import { registerRunsLayout, RunsLayout } from './editor/runs/runsLayout.ts';
import { RunsTree } from './editor/runs/runsTree.ts';
import { RunsView } from './editor/runs/runsView.ts';
import { browserProposals } from './editor/telemetry/browserProposals.ts';
import { registerTelemetryPanel } from './editor/telemetry/registerTelemetryPanel.ts';
import { virtualExports } from './editor/telemetry/virtualExports.ts';
import { DisposableStore } from './editor/window/disposableStore.ts';
import { editorTexts } from './editor/window/editorTexts.ts';
import { ErrorReporter } from './editor/window/errorReporter.ts';
import { sha256Hex } from './web/sha256.ts';
import { webClock } from './web/webClock.ts';
import { createWebReader } from './web/webReader.ts';

/** Of each database in each of two workers, in bytes: what they read from is in memory already. */
const cacheBytes = 16 * 1024 * 1024;

/**
 * Puts the extension together in a web worker: what reads, without what takes processes, locks or servers. `workerScript`
 * gives the address of the script of the reader's workers.
 */
export function activate(context: vscode.ExtensionContext, workerScript: () => Promise<string>): void {
  provideTranslations(editorTexts);
  const { extensionUri, workspaceState } = context;
  const store = new DisposableStore();
  context.subscriptions.push(store);
  setContext('web', true);

  const channel = store.add(vscode.window.createOutputChannel('Autopack', { log: true }));
  const log = maskedLogger(channel);
  const errors = new ErrorReporter(log);
  store.add(registerRefusedCommands(errors));
  store.add(registerCommand('showLog', errors, () => channel.show()));
  const reader = createWebReader({
    script: workerScript,
    wasm: loadOnce(async () => WebAssembly.compile(await ownFile(extensionUri, 'dist', 'sql-wasm.wasm'))),
    files: browserFiles,
    cacheBytes,
    logger: log,
  });
  store.add({ dispose: () => void reader.dispose() });
  const selected = store.add(
    new SelectedDatabase({
      reader,
      watch: (path, _, onEvent) => watchVirtualFile(path, onEvent),
      memento: workspaceState,
      log,
    }),
  );
  const realPath = (path: string): Promise<string> => Promise.resolve(path);
  const offers = new Offers({ reader, selected, realPath });
  const sources = browserSources(reader);
  const rows = store.add(new SelectedRows());
  const recent = store.add(new RecentDatabases(workspaceState, selected));
  const selecting = selectDatabaseCommands({ reader, sources, selected, log, recent });
  const loaded = {
    ...selecting,
    ...findPhaseCommand({ reader, selected, errors }),
    ...keyboardCommand(rows, errors),
  };
  const names = ['selectDatabase', 'selectFile', 'switchDatabase', 'findPhase', 'onSelectedRow'] as const;
  store.add(registerCommands(names, errors, () => Promise.resolve(loaded)));
  store.add(registerDatabaseFile({ reader, sources, selected, errors }));
  store.add(registerBrowserNotice({ selected, memento: context.globalState, errors }));

  const rowsOf =
    (name: KeyboardView) =>
    (view: FollowedView): void =>
      rows.add(name, view);
  const filter = store.add(new RunsFilter(workspaceState, selected));
  const layout = store.add(new RunsLayout(workspaceState));
  const checked = store.add(new CheckedRows());
  const tree = store.add(new RunsTree({ reader, selected, filter, layout, checked, log }));
  const view = store.add(
    new RunsView({ tree, selected, filter, layout, checked, addRows: rowsOf('runs'), errors }),
  );
  const lookForReasons = (): Promise<[]> => Promise.resolve([]);
  store.add(registerRunsLayout(layout, errors));
  store.add(registerComparison({ reader, selected, errors }));
  store.add(registerRunsFilter({ filter, reader, selected, errors }));
  store.add(registerPhaseDetails({ reader, selected, lookForReasons, errors }));
  const linked = { selected, filter, reader, realPath, errors };
  store.add(registerLinks({ extensionId: context.extension.id, ...linked }).registered);
  const failures = store.add(new FailuresTree(reader, selected, lookForReasons));
  store.add(registerFailures({ tree: failures, selected, addRows: rowsOf('failures'), errors }));

  const ignored = store.add(new IgnoredIssues(workspaceState));
  const monitor = store.add(new FileMonitor(selected, ignored));
  const limits = t`In the browser, only the file itself is checked: no copies, .env files, git, API servers or stale phases.`;
  store.add(
    registerIdentityView({ selected, errors, monitor, ignored, limits, addRows: rowsOf('identity') })
      .registered,
  );
  store.add(registerIdentityCheck({ selected, errors, offers, monitor, isInBrowser: true }));
  store.add(registerRoleDecorations({ selected }));
  const shown = { onDidShowView: view.onDidShow, isInBrowser: true, errors };
  const running = store.add(new RunningOperation());
  store.add(registerDatabaseStatusItem({ selected, monitor, running, ...shown }));
  const { version } = context.extension.packageJSON as { readonly version: string };
  store.add(
    registerTelemetryPanel({
      extensionUri,
      reader,
      selected,
      errors,
      log,
      clock: webClock,
      loadParts: () =>
        Promise.resolve({
          files: virtualExports(webClock, sha256Hex),
          proposalsFor: () => browserProposals(reader),
        }),
      isReadOnly: true,
      version,
    }),
  );

  selected.restore();
}
