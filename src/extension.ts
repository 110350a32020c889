import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { DatabaseWriterPort } from './core/db/databasePorts.ts';
import type { JournalAuthor } from './core/identity/journalEntry.ts';
import type { FollowEnd } from './node/drain/drainClient.ts';
import { createDatabaseReader } from './node/reader/databaseReader.ts';
import { realPathOf } from './node/system/realPath.ts';
import { systemClock } from './node/system/systemPorts.ts';
import { DatabaseWatcher } from './node/watch/databaseWatcher.ts';
import { journalAuthor } from './node/writer/journalAuthor.ts';
import { writerOnUse } from './node/writer/writerOnUse.ts';
import { registerAgentTools } from './editor/agents/registerAgentTools.ts';
import { registerMcpServer } from './editor/agents/registerMcpServer.ts';
import { ApiKeys } from './editor/apiServers/apiKeys.ts';
import { registerBuilders } from './editor/builders/registerBuilders.ts';
import { registerCommand } from './editor/commands/registerCommand.ts';
import { registerCommandsOnUse } from './commandsOnUse.ts';
import { sourcesOnUse } from './editor/database/namedDatabase.ts';
import { guardFolder } from './editor/database/guardFolder.ts';
import { registerRoleDecorations } from './editor/database/roleDecorations.ts';
import { registerDatabaseFile } from './editor/databaseFile/registerDatabaseFile.ts';
import { registerLinks, type OpenLink } from './editor/links/registerLinks.ts';
import { SelectedRows, type FollowedView, type KeyboardView } from './editor/keyboard/selectedRows.ts';
import { PostgresPasswords, readerWithPasswords } from './editor/database/postgresPasswords.ts';
import { RecentDatabases } from './editor/database/recentDatabases.ts';
import { SelectedDatabase } from './editor/database/selectedDatabase.ts';
import { DisposableStore } from './editor/window/disposableStore.ts';
import { DrainLimitStore } from './editor/drains/drainLimits.ts';
import { DrainDiscovery } from './editor/drains/drainDiscovery.ts';
import { FollowedDrainStore, type DrainPlace } from './editor/drains/followedDrainStore.ts';
import { DrainRunner } from './editor/drains/drainRunner.ts';
import { registerDrain } from './editor/drains/registerDrain.ts';
import { DrainsTree } from './editor/drains/drainsTree.ts';
import { registerDrains } from './editor/drains/registerDrains.ts';
import { useEditorLanguage } from './editor/window/editorLanguage.ts';
import { ErrorReporter } from './editor/window/errorReporter.ts';
import { IgnoredIssues } from './editor/identity/ignoredIssues.ts';
import { DriftMonitor } from './editor/identity/driftMonitor.ts';
import { registerFixes } from './editor/identity/registerFixes.ts';
import { registerIdentityView } from './editor/identity/registerIdentityView.ts';
import { registerTerminalEnvironment, terminalSources } from './editor/identity/terminalEnvironment.ts';
import type { LookForReasons } from './core/failures/clusterFailures.ts';
import { FailuresTree } from './editor/failures/failuresTree.ts';
import { registerFailures } from './editor/failures/registerFailures.ts';
import { registerIdentityCheck } from './editor/identity/registerIdentityCheck.ts';
import { Offers } from './editor/offers/offers.ts';
import { registerPhaseDetails } from './editor/runs/phaseDetails.ts';
import { CheckedRows, registerCheckedRows } from './editor/runs/checkedRows.ts';
import { registerComparison } from './editor/runs/registerComparison.ts';
import { registerRunsFilter } from './editor/runs/registerRunsFilter.ts';
import { RunsFilter } from './editor/runs/runsFilter.ts';
import { registerRunsLayout, RunsLayout } from './editor/runs/runsLayout.ts';
import { maskedLogger } from './core/ports.ts';
import { RunsTree } from './editor/runs/runsTree.ts';
import { RunsView } from './editor/runs/runsView.ts';
import { readerCacheBytes } from './editor/settings.ts';
import { registerDatabaseStatusItem } from './editor/identity/databaseStatusItem.ts';
import { RunningOperation } from './editor/database/runningOperation.ts';
import { isVirtualPath, watchVirtualFile, workspaceFiles } from './editor/database/virtualPaths.ts';
import { ChosenEstimator } from './editor/telemetry/chosenEstimator.ts';
import { registerTelemetryPanel } from './editor/telemetry/registerTelemetryPanel.ts';
import { safeWindow } from './editor/window/safeWindow.ts';

/** What the integration tests reach into. An installed extension gives it to nobody. */
export interface TestAccess {
  readonly selected: SelectedDatabase;
  readonly filter: RunsFilter;
  readonly tree: RunsTree;
  readonly drains: DrainsTree;
  readonly failures: FailuresTree;
  readonly openLink: OpenLink;
}

/** Puts the extension together. Nothing is read here: the database opens in the background, or on first use. */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  const { extensionUri, workspaceState } = context;
  useEditorLanguage(extensionUri);
  const store = new DisposableStore();
  context.subscriptions.push(store);

  const channel = store.add(vscode.window.createOutputChannel('Autopack', { log: true }));
  const log = maskedLogger(channel);
  const errors = new ErrorReporter(log);
  const bundle = (name: string): URL => pathToFileURL(vscode.Uri.joinPath(extensionUri, 'dist', name).fsPath);
  const workerUrl = bundle('readerWorker.js');
  const writerUrl = bundle('writerProcess.js');
  const reading = { workerUrl, logger: log, virtualFiles: workspaceFiles };
  const cacheBytes = readerCacheBytes();
  const passwords = new PostgresPasswords(context.secrets);
  const reader = readerWithPasswords(createDatabaseReader({ ...reading, cacheBytes }), passwords);
  store.add({ dispose: () => void reader.dispose() });
  // The facts count every row, which takes seconds on a large file: the rows of the view must not wait for that.
  const factsReader = readerWithPasswords(
    createDatabaseReader({ ...reading, cacheBytes: cacheBytes / 4 }),
    passwords,
  );
  store.add({ dispose: () => void factsReader.dispose() });
  const selected = store.add(
    new SelectedDatabase({
      reader: factsReader,
      watch: (path, since, onEvent) =>
        isVirtualPath(path)
          ? watchVirtualFile(path, onEvent)
          : new DatabaseWatcher({ path, reader, onEvent, logger: log, ...(since && { since }) }),
      memento: workspaceState,
      log,
    }),
  );
  const offers = new Offers({ reader, selected, realPath: realPathOf });
  errors.useOffers(offers);
  const writerOf = (author: JournalAuthor): DatabaseWriterPort =>
    writerOnUse(async () => {
      const { furtherRowsText, WriterClient } = await import('./node/writer/writerClient.ts');
      return new WriterClient({
        processUrl: writerUrl,
        onFurtherRows: (rows, path) => void safeWindow.showWarningMessage(furtherRowsText(rows, path)),
        journal: {
          author,
          folderOf: guardFolder,
          onProblem: (message) => void safeWindow.showWarningMessage(message),
        },
      });
    });
  const writer = writerOf(journalAuthor('editor'));
  const filter = store.add(new RunsFilter(workspaceState, selected));
  const layout = store.add(new RunsLayout(workspaceState));
  const checked = store.add(new CheckedRows());
  const rows = store.add(new SelectedRows());
  const rowsOf =
    (name: KeyboardView) =>
    (view: FollowedView): void =>
      rows.add(name, view);
  const tree = store.add(new RunsTree({ reader, selected, filter, layout, checked, log }));
  const view = store.add(
    new RunsView({ tree, selected, filter, layout, checked, addRows: rowsOf('runs'), errors }),
  );
  store.add(registerRunsLayout(layout, errors));
  store.add(registerCheckedRows(checked, errors));
  store.add(registerComparison({ reader, selected, errors }));
  store.add(registerRunsFilter({ filter, reader, selected, errors }));
  const terminals = (): ReturnType<typeof terminalSources> =>
    terminalSources(context.environmentVariableCollection);
  const apiKeys = new ApiKeys(context.secrets);
  const ignored = store.add(new IgnoredIssues(workspaceState));
  const looking = { reader, clock: systemClock, selected, log, terminals, apiKeys, ignored };
  const monitor = store.add(new DriftMonitor(looking));
  const running = store.add(new RunningOperation());
  store.add(
    registerDatabaseStatusItem({ selected, monitor, running, onDidShowView: view.onDidShow, errors }),
  );
  store.add(registerRoleDecorations({ selected }));
  const revealRun = (runId: string): Promise<void> => view.revealRun(runId);
  store.add(registerCommand('showLog', errors, () => channel.show()));
  store.add(registerPhaseDetails({ reader, selected, lookForReasons, errors }));
  store.add(registerIdentityCheck({ selected, errors, offers, monitor }));
  const adopting = {
    ...{ reader, writer, clock: systemClock, selected, errors, log, offers },
    confirmSources: async (path: string) =>
      (await import('./editor/identity/confirmSources.ts')).confirmSources(path, {
        offers,
        clock: systemClock,
      }),
  };
  const writing = {
    ...adopting,
    offerAdoption: async (path: string) =>
      (await import('./editor/identity/offerAdoption.ts')).offerAdoption(path, adopting),
  };
  store.add(registerCommand('adoptDatabase', errors, () => writing.offerAdoption(selected.requirePath())));
  const identity = registerIdentityView({ selected, errors, monitor, ignored, addRows: rowsOf('identity') });
  store.add(identity.registered);
  store.add(registerFixes({ ...writing, tree: identity.tree, monitor, apiKeys }));
  const cliPath = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  const shellFolder = vscode.Uri.joinPath(extensionUri, 'media', 'shell').fsPath;
  store.add(
    registerTerminalEnvironment({
      selected,
      environment: context.environmentVariableCollection,
      shellFolder,
    }),
  );
  const recent = store.add(new RecentDatabases(workspaceState, selected));
  const finding = { reader, factsReader, clock: systemClock };
  const sources = sourcesOnUse(async () =>
    (await import('./editor/database/databaseSources.ts')).machineSources(finding),
  );
  store.add(registerDatabaseFile({ reader, sources, selected, errors }));
  const linked = { selected, filter, reader, realPath: realPathOf, errors };
  const links = registerLinks({ extensionId: context.extension.id, ...linked });
  store.add(links.registered);
  const memory = new FollowedDrainStore(workspaceState);
  const finish = async (place: DrainPlace, end: FollowEnd, isStep = false): Promise<void> =>
    (await import('./editor/drains/finishDrain.ts')).finishDrain(
      { selected, errors, offers },
      place,
      end,
      isStep,
    );
  const builders = registerBuilders({ context, errors });
  store.add(builders.registered);
  const runner = store.add(
    new DrainRunner({
      hostPath: vscode.Uri.joinPath(extensionUri, 'dist', 'drainHost.js').fsPath,
      logPath: vscode.Uri.joinPath(context.logUri, 'drains.log').fsPath,
      workerUrl,
      writerUrl,
      clock: systemClock,
      log,
      store: memory,
      finish,
      serviceOf: builders.serviceOf,
    }),
  );
  const discovery = store.add(new DrainDiscovery({ runner, selected }));
  const drains = store.add(new DrainsTree({ runner, builders, clock: systemClock, log }));
  store.add(registerDrains({ tree: drains, runner, discovery, builders, addRows: rowsOf('drains'), errors }));
  const failures = store.add(new FailuresTree(reader, selected, lookForReasons));
  store.add(registerFailures({ tree: failures, selected, addRows: rowsOf('failures'), errors }));
  const examplePath = vscode.Uri.joinPath(extensionUri, 'examples', 'executor', 'drainOnePhase.mjs').fsPath;
  const estimatorPath = (): string | null => new ChosenEstimator(workspaceState).path;
  const draining = registerDrain({
    ...writing,
    filter,
    runner,
    monitor,
    examplePath,
    apiKeys,
    builders,
    estimatorPath,
    limits: new DrainLimitStore(workspaceState),
  });
  store.add(draining.registered);
  store.add(
    registerCommandsOnUse({
      ...writing,
      reader,
      factsReader,
      sources,
      passwords,
      rows,
      recent,
      running,
      apiKeys,
      monitor,
      cliPath,
      revealRun,
      runner,
      drain: draining.drain,
      executors: builders.executors,
      estimatorPath,
    }),
  );
  const toolAuthor = journalAuthor('editor', 'a language model tool');
  store.add(
    registerAgentTools({
      reader,
      factsReader,
      clock: systemClock,
      selected,
      apiKeys,
      terminals,
      writing: { author: toolAuthor, writer: writerOf(toolAuthor), drain: draining.drain, errors },
      builders,
      examplePath,
      estimatorPath,
    }),
  );
  const proposing = { reader, selected, clock: systemClock, offers };
  const { version } = context.extension.packageJSON as { readonly version: string };
  store.add(
    registerTelemetryPanel({
      extensionUri,
      reader,
      selected,
      errors,
      log,
      clock: systemClock,
      loadParts: async () =>
        (await import('./editor/telemetry/machineParts.ts')).machineParts(proposing, workspaceState),
      version,
    }),
  );

  store.add(registerMcpServer({ selected, cliPath, version }));

  selected.restore();
  // Not awaited: drains that are under way appear when they are found.
  errors.watch(
    discovery.look().then(async () => {
      if (memory.isEmpty) return;
      const { notifyMissedDrains } = await import('./editor/drains/finishDrain.ts');
      await notifyMissedDrains({ store: memory, runner, finish });
    }),
  );
  const isInstalled = context.extensionMode === vscode.ExtensionMode.Production;
  return isInstalled ? undefined : { selected, filter, tree, drains, failures, openLink: links.open };
}

const lookForReasons: LookForReasons = async (keys, databasePath) =>
  (await import('./editor/runs/lookForReasons.ts')).lookForReasons(keys, databasePath);
