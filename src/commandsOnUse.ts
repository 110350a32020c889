import type { DatabaseReader } from './protocol/readerProtocol.ts';
import type { ApiKeys } from './editor/apiServers/apiKeys.ts';
import { registerCommands, type CommandHandlers } from './editor/commands/registerCommand.ts';
import type { ConnectDeps } from './editor/database/connectPostgres.ts';
import type { SelectDatabaseDeps } from './editor/database/selectDatabaseCommands.ts';
import type { ProtectionDeps } from './editor/identity/protectionCommands.ts';
import type { DriftMonitor } from './editor/identity/driftMonitor.ts';
import type { CommandName } from './editor/ids.ts';
import type { SelectedRows } from './editor/keyboard/selectedRows.ts';
import type { BulkDeps } from './editor/maintenance/requeuePhases.ts';
import type { QuickstartDeps } from './editor/quickstart/quickstartCommand.ts';
import type { SeedingDeps } from './editor/seed/seedingCommands.ts';
import { DisposableStore } from './editor/window/disposableStore.ts';

/** What the commands need together. */
export interface CommandsOnUseDeps
  extends BulkDeps, ProtectionDeps, SeedingDeps, SelectDatabaseDeps, QuickstartDeps {
  /** For servers, which may not answer: the rows of the views do not wait behind them. */
  readonly factsReader: DatabaseReader;
  readonly passwords: ConnectDeps['passwords'];
  readonly rows: SelectedRows;
  readonly apiKeys: ApiKeys;
  readonly monitor: DriftMonitor;
}

/** Registers the commands that nothing else of the extension needs; the code of each comes with its first use. */
export function registerCommandsOnUse(deps: CommandsOnUseDeps): DisposableStore {
  const { errors, factsReader } = deps;
  const store = new DisposableStore();
  const onUse = <Name extends CommandName>(
    names: readonly Name[],
    load: () => Promise<CommandHandlers<NoInfer<Name>>>,
  ): void => void store.add(registerCommands(names, errors, load));
  onUse(['selectDatabase', 'selectFile', 'switchDatabase'], async () =>
    (await import('./editor/database/selectDatabaseCommands.ts')).selectDatabaseCommands(deps),
  );
  onUse(['connectPostgres', 'forgetPostgresPassword'], async () =>
    (await import('./editor/database/connectPostgres.ts')).connectPostgresCommands({
      ...deps,
      reader: factsReader,
    }),
  );
  onUse(['findPhase'], async () => (await import('./editor/runs/findPhase.ts')).findPhaseCommand(deps));
  onUse(['openDeliverables', 'openPhaseLog'], async () =>
    (await import('./editor/drains/phaseFiles.ts')).phaseFileCommands(deps),
  );
  onUse(['requeuePhase', 'requeueSelected', 'requeueRun', 'requeueCluster', 'deleteRun'], async () =>
    (await import('./editor/maintenance/requeuePhases.ts')).bulkChangeCommands(deps),
  );
  onUse(['backUpDatabase', 'restoreBackup'], async () =>
    (await import('./editor/maintenance/backupCommands.ts')).backupCommands(deps),
  );
  onUse(['showJournal'], async () =>
    (await import('./editor/maintenance/showJournal.ts')).journalCommand(deps),
  );
  onUse(['setProtectionLevel', 'approveCommand'], async () =>
    (await import('./editor/identity/protectionCommands.ts')).protectionCommands(deps),
  );
  onUse(['setApiKey'], async () => (await import('./editor/identity/apiKeyCommand.ts')).apiKeyCommand(deps));
  onUse(['createSeedDatabase', 'seedRun', 'seedMore'], async () =>
    (await import('./editor/seed/seedingCommands.ts')).seedingCommands(deps),
  );
  onUse(['quickstart'], async () =>
    (await import('./editor/quickstart/quickstartCommand.ts')).quickstartCommand(deps),
  );
  onUse(['onSelectedRow'], async () =>
    (await import('./editor/keyboard/keyboardCommand.ts')).keyboardCommand(deps.rows, errors),
  );
  return store;
}
