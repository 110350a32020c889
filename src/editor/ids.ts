import type * as vscode from 'vscode';
import type { PhaseKey } from '../core/model/phase.ts';
import type { TelemetrySection } from '../protocol/telemetryProtocol.ts';

/** Names a run in a command's argument; a row of the Runs view is one. */
export interface RunTarget {
  readonly runId: string;
}

/** Names a drain session in a command's argument; a row of the Drains view is one. */
export interface SessionTarget {
  /** The workspace folder it belongs to; absolute. */
  readonly folder: string;
  readonly sessionId: string;
}

/** Names a drain under way in a command's argument; its row in the Drains view is one. */
export interface DrainTarget {
  /** Absolute and real. */
  readonly databasePath: string;
}

/** Names the logs of an executed phase in a command's argument: absolute paths, `null` where there is none. */
export interface LogsTarget {
  readonly stdoutPath: string | null;
  readonly stderrPath: string | null;
}

/** Names a cluster of failures in a command's argument; a row of the Failures view is one. */
export interface ClusterTarget {
  readonly fingerprint: string;
  /** Its phases: the database alone may not tell which fail like this. */
  readonly keys?: readonly PhaseKey[] | undefined;
}

/** Every command and what it takes. An argument is absent where the command is called from the palette. */
export interface CommandArguments {
  readonly selectDatabase: readonly [];
  /** A file of the Explorer, or its path as `pathOfUri` gives it. */
  readonly selectFile: readonly [file: vscode.Uri | string];
  readonly openInAutopack: readonly [file?: vscode.Uri];
  readonly switchDatabase: readonly [];
  /** A URL to begin with. */
  readonly connectPostgres: readonly [url?: string];
  readonly forgetPostgresPassword: readonly [];
  /** A row, or nothing for what the Runs view shows. */
  readonly copyLink: readonly [target?: RunTarget | PhaseKey | ClusterTarget];
  /** What a key does: see `rowCommands`. */
  readonly onSelectedRow: readonly [key: { readonly view: string; readonly action: string }];
  readonly checkIdentity: readonly [];
  readonly adoptDatabase: readonly [];
  readonly setProtectionLevel: readonly [];
  /** Lists the commands that were refused until a human approves them. */
  readonly approveCommand: readonly [];
  readonly quickstart: readonly [];
  readonly createSeedDatabase: readonly [];
  readonly seedRun: readonly [];
  readonly seedMore: readonly [];
  readonly drain: readonly [];
  /** Of these two, the row the menu was opened on, and all selected ones if it is one of them. */
  readonly drainRun: readonly [target: RunTarget, selected?: readonly unknown[]];
  readonly drainPhase: readonly [target: PhaseKey, selected?: readonly unknown[]];
  /** The row the menu was opened on, and all selected ones. */
  readonly drainSelected: readonly [target: RunTarget | PhaseKey, selected: readonly unknown[]];
  /** The answers to the plan of a drain that is open. */
  readonly drainAsPlanned: readonly [];
  readonly cancelPlan: readonly [];
  readonly drainSample: readonly [target: ClusterTarget];
  readonly showFailure: readonly [target: ClusterTarget];
  /** The row the menu was opened on, and all selected ones if it is one of them. */
  readonly requeueRun: readonly [target: RunTarget, selected?: readonly unknown[]];
  readonly requeuePhase: readonly [target: PhaseKey, selected?: readonly unknown[]];
  readonly requeueCluster: readonly [target: ClusterTarget];
  readonly deleteRun: readonly [target: RunTarget];
  readonly cancelDrain: readonly [target: DrainTarget];
  readonly pauseDrain: readonly [target: DrainTarget];
  readonly continueDrain: readonly [target: DrainTarget];
  readonly resumeDrain: readonly [target: SessionTarget];
  /** The answers to a diff of files that a drain wants to write. A row of the Drains view, where it is called on one. */
  readonly writeProposedFiles: readonly [];
  readonly rejectProposedFiles: readonly [target?: PhaseKey];
  readonly showProposedFiles: readonly [target?: PhaseKey];
  readonly restorePhaseFiles: readonly [target: PhaseKey & LogsTarget];
  readonly writeWithoutAsking: readonly [];
  readonly setUpEndpoint: readonly [];
  readonly chooseChatModel: readonly [];
  readonly askBeforeWriting: readonly [];
  readonly runPhaseTests: readonly [];
  readonly skipPhaseTests: readonly [];
  readonly openDrainLog: readonly [target: LogsTarget];
  readonly openDrainOutput: readonly [target: LogsTarget];
  readonly openDrainErrors: readonly [target: LogsTarget];
  readonly revealDrainSession: readonly [target: SessionTarget];
  readonly showOlderDrains: readonly [];
  readonly copyFingerprint: readonly [target: ClusterTarget];
  /** A section of the page to show. */
  readonly analyzeTelemetry: readonly [section?: TelemetrySection];
  readonly showProposal: readonly [];
  readonly refresh: readonly [];
  readonly showPhase: readonly [target: PhaseKey];
  readonly copyId: readonly [target: RunTarget | PhaseKey | SessionTarget];
  readonly loadMoreRuns: readonly [];
  readonly filterRuns: readonly [];
  /** The same as `filterRuns`, with the icon of a filter that is on. */
  readonly changeRunsFilter: readonly [];
  readonly clearRunsFilter: readonly [];
  readonly useSavedFilter: readonly [];
  readonly arrangeRuns: readonly [];
  readonly findPhase: readonly [];
  readonly showCheckboxes: readonly [];
  readonly hideCheckboxes: readonly [];
  readonly drainChecked: readonly [];
  readonly requeueChecked: readonly [];
  readonly requeueSelected: readonly [targets: readonly (RunTarget | PhaseKey)[]];
  readonly showRun: readonly [target: RunTarget];
  readonly showInRuns: readonly [target: RunTarget | PhaseKey];
  readonly compareRuns: readonly [target: RunTarget | PhaseKey, selected?: readonly unknown[]];
  readonly openDeliverables: readonly [target: PhaseKey];
  readonly openPhaseLog: readonly [target: PhaseKey];
  readonly showLog: readonly [];
  readonly backUpDatabase: readonly [];
  readonly restoreBackup: readonly [];
  readonly showJournal: readonly [];
  /** A row of the Identity view. */
  readonly fixIssue: readonly [target: { readonly id: string }];
  readonly openIdentityRow: readonly [target: { readonly id: string }];
  readonly ignoreIssue: readonly [target: { readonly id: string }];
  readonly showIgnoredIssues: readonly [];
  /** A server by its address, see `serverAddress`. */
  readonly setApiKey: readonly [target?: { readonly url: string }];
  readonly refreshIdentity: readonly [];
  readonly showIdentity: readonly [];
}

export type CommandName = keyof CommandArguments;

export const commandIds = {
  selectDatabase: 'autopackHygiene.selectDatabase',
  selectFile: 'autopackHygiene.selectFile',
  openInAutopack: 'autopackHygiene.openInAutopack',
  switchDatabase: 'autopackHygiene.switchDatabase',
  connectPostgres: 'autopackHygiene.connectPostgres',
  forgetPostgresPassword: 'autopackHygiene.forgetPostgresPassword',
  copyLink: 'autopackHygiene.copyLink',
  onSelectedRow: 'autopackHygiene.onSelectedRow',
  checkIdentity: 'autopackHygiene.checkIdentity',
  adoptDatabase: 'autopackHygiene.adoptDatabase',
  setProtectionLevel: 'autopackHygiene.setProtectionLevel',
  approveCommand: 'autopackHygiene.approveCommand',
  quickstart: 'autopackHygiene.quickstart',
  createSeedDatabase: 'autopackHygiene.createSeedDatabase',
  seedRun: 'autopackHygiene.seedRun',
  seedMore: 'autopackHygiene.seedMore',
  drain: 'autopackHygiene.drain',
  drainRun: 'autopackHygiene.drainRun',
  drainPhase: 'autopackHygiene.drainPhase',
  drainSelected: 'autopackHygiene.drainSelected',
  drainAsPlanned: 'autopackHygiene.drainAsPlanned',
  cancelPlan: 'autopackHygiene.cancelPlan',
  drainSample: 'autopackHygiene.drainSample',
  showFailure: 'autopackHygiene.showFailure',
  requeueRun: 'autopackHygiene.requeueRun',
  requeuePhase: 'autopackHygiene.requeuePhase',
  requeueCluster: 'autopackHygiene.requeueCluster',
  deleteRun: 'autopackHygiene.deleteRun',
  cancelDrain: 'autopackHygiene.cancelDrain',
  pauseDrain: 'autopackHygiene.pauseDrain',
  continueDrain: 'autopackHygiene.continueDrain',
  resumeDrain: 'autopackHygiene.resumeDrain',
  writeProposedFiles: 'autopackHygiene.writeProposedFiles',
  rejectProposedFiles: 'autopackHygiene.rejectProposedFiles',
  showProposedFiles: 'autopackHygiene.showProposedFiles',
  restorePhaseFiles: 'autopackHygiene.restorePhaseFiles',
  writeWithoutAsking: 'autopackHygiene.writeWithoutAsking',
  setUpEndpoint: 'autopackHygiene.setUpEndpoint',
  chooseChatModel: 'autopackHygiene.chooseChatModel',
  askBeforeWriting: 'autopackHygiene.askBeforeWriting',
  runPhaseTests: 'autopackHygiene.runPhaseTests',
  skipPhaseTests: 'autopackHygiene.skipPhaseTests',
  openDrainLog: 'autopackHygiene.openDrainLog',
  openDrainOutput: 'autopackHygiene.openDrainOutput',
  openDrainErrors: 'autopackHygiene.openDrainErrors',
  revealDrainSession: 'autopackHygiene.revealDrainSession',
  showOlderDrains: 'autopackHygiene.showOlderDrains',
  copyFingerprint: 'autopackHygiene.copyFingerprint',
  analyzeTelemetry: 'autopackHygiene.analyzeTelemetry',
  showProposal: 'autopackHygiene.showProposal',
  refresh: 'autopackHygiene.refresh',
  showPhase: 'autopackHygiene.showPhase',
  copyId: 'autopackHygiene.copyId',
  loadMoreRuns: 'autopackHygiene.loadMoreRuns',
  filterRuns: 'autopackHygiene.filterRuns',
  changeRunsFilter: 'autopackHygiene.changeRunsFilter',
  clearRunsFilter: 'autopackHygiene.clearRunsFilter',
  useSavedFilter: 'autopackHygiene.useSavedFilter',
  arrangeRuns: 'autopackHygiene.arrangeRuns',
  findPhase: 'autopackHygiene.findPhase',
  showCheckboxes: 'autopackHygiene.showCheckboxes',
  hideCheckboxes: 'autopackHygiene.hideCheckboxes',
  drainChecked: 'autopackHygiene.drainChecked',
  requeueChecked: 'autopackHygiene.requeueChecked',
  requeueSelected: 'autopackHygiene.requeueSelected',
  showRun: 'autopackHygiene.showRun',
  showInRuns: 'autopackHygiene.showInRuns',
  compareRuns: 'autopackHygiene.compareRuns',
  openDeliverables: 'autopackHygiene.openDeliverables',
  openPhaseLog: 'autopackHygiene.openPhaseLog',
  showLog: 'autopackHygiene.showLog',
  backUpDatabase: 'autopackHygiene.backUpDatabase',
  restoreBackup: 'autopackHygiene.restoreBackup',
  showJournal: 'autopackHygiene.showJournal',
  fixIssue: 'autopackHygiene.fixIssue',
  openIdentityRow: 'autopackHygiene.openIdentityRow',
  ignoreIssue: 'autopackHygiene.ignoreIssue',
  showIgnoredIssues: 'autopackHygiene.showIgnoredIssues',
  setApiKey: 'autopackHygiene.setApiKey',
  refreshIdentity: 'autopackHygiene.refreshIdentity',
  showIdentity: 'autopackHygiene.showIdentity',
} as const satisfies { readonly [Name in CommandName]: `autopackHygiene.${Name}` };

export const viewContainerId = 'autopackHygiene';

export const viewIds = {
  runs: 'autopackHygiene.runs',
  drains: 'autopackHygiene.drains',
  failures: 'autopackHygiene.failures',
  identity: 'autopackHygiene.identity',
} as const;

/** URI schemes of the read-only documents. */
export const documentSchemes = {
  phase: 'autopack-phase',
  run: 'autopack-run',
  comparison: 'autopack-comparison',
  plan: 'autopack-plan',
  identity: 'autopack-identity',
  proposal: 'autopack-proposal',
} as const;

/** The URI scheme of rows of the selected database, by which they get their decoration. */
export const roleScheme = 'autopack-role';

/** The colors of roles, which themes can change. */
export const colorIds = {
  seed: 'autopackHygiene.seedForeground',
  legacy: 'autopackHygiene.legacyForeground',
  unknown: 'autopackHygiene.unknownRoleForeground',
} as const;

/** View types of custom editors. */
export const customEditorIds = { database: 'autopackHygiene.database' } as const;

/** View types of webview panels. */
export const panelTypes = { telemetry: 'autopackHygiene.telemetry' } as const;

/** The tools by which language models read. */
export const agentToolNames = [
  'autopack_identity',
  'autopack_phases',
  'autopack_failures',
  'autopack_telemetry',
  'autopack_drain_plan',
  'autopack_drain_status',
] as const;

/** One of {@link agentToolNames}. */
export type AgentToolName = (typeof agentToolNames)[number];

/** The tools by which language models write, each call behind a confirmation. */
export const writingToolNames = [
  'autopack_seed',
  'autopack_requeue',
  'autopack_mark_stale',
  'autopack_drain',
] as const;

/** One of {@link writingToolNames}. */
export type WritingToolName = (typeof writingToolNames)[number];

/** What offers the tools to VS Code as an MCP server. */
export const mcpProviderId = 'autopackHygiene.mcp';
