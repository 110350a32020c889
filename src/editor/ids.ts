import type * as vscode from 'vscode';
import type { PhaseKey } from '../core/model/phase.ts';

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
}

/** Every command and what it takes. An argument is absent where the command is called from the palette. */
export interface CommandArguments {
  readonly selectDatabase: readonly [];
  readonly selectFile: readonly [file: vscode.Uri];
  readonly checkIdentity: readonly [];
  readonly adoptDatabase: readonly [];
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
  readonly analyzeTelemetry: readonly [];
  readonly refresh: readonly [];
  readonly showPhase: readonly [target: PhaseKey];
  readonly copyId: readonly [target: RunTarget | PhaseKey | SessionTarget];
  readonly loadMoreRuns: readonly [];
  readonly filterRuns: readonly [];
  /** The same as `filterRuns`, with the icon of a filter that is on. */
  readonly changeRunsFilter: readonly [];
  readonly clearRunsFilter: readonly [];
  readonly showLog: readonly [];
  readonly backUpDatabase: readonly [];
  readonly restoreBackup: readonly [];
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
  checkIdentity: 'autopackHygiene.checkIdentity',
  adoptDatabase: 'autopackHygiene.adoptDatabase',
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
  refresh: 'autopackHygiene.refresh',
  showPhase: 'autopackHygiene.showPhase',
  copyId: 'autopackHygiene.copyId',
  loadMoreRuns: 'autopackHygiene.loadMoreRuns',
  filterRuns: 'autopackHygiene.filterRuns',
  changeRunsFilter: 'autopackHygiene.changeRunsFilter',
  clearRunsFilter: 'autopackHygiene.clearRunsFilter',
  showLog: 'autopackHygiene.showLog',
  backUpDatabase: 'autopackHygiene.backUpDatabase',
  restoreBackup: 'autopackHygiene.restoreBackup',
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

/** Context keys that the manifest's `when` clauses read, and their values. */
export interface ContextValues {
  /** Whether a database is selected, and whether it can be read. */
  readonly database: 'none' | 'checking' | 'ready' | 'problem';
  /** The code of the problem, or `''`. */
  readonly problem: string;
  /** The selected database is being drained. */
  readonly draining: boolean;
  /** Whether the plan of a drain waits for its answer. */
  readonly planPending: boolean;
  /** Whether files wait for a decision, and whether their diff is on the screen. */
  readonly proposalPending: boolean;
  readonly proposalShown: boolean;
  /** Whether drains of this workspace write files without asking. */
  readonly handsOff: boolean;
  /** Whether drains of this workspace run the tests of phases. */
  readonly runsPhaseTests: boolean;
  /** Whether issues of the selected database are ignored. */
  readonly ignoredIssues: boolean;
  /** Whether the Runs view is filtered. */
  readonly filtered: boolean;
  /** Whether any drain that is followed can be cancelled, paused, continued. */
  readonly drainCancellable: boolean;
  readonly drainPausable: boolean;
  readonly drainPaused: boolean;
}

export const contextIds = {
  database: 'autopackHygiene.database',
  problem: 'autopackHygiene.problem',
  draining: 'autopackHygiene.draining',
  planPending: 'autopackHygiene.planPending',
  proposalPending: 'autopackHygiene.proposalPending',
  proposalShown: 'autopackHygiene.proposalShown',
  handsOff: 'autopackHygiene.handsOff',
  runsPhaseTests: 'autopackHygiene.runsPhaseTests',
  ignoredIssues: 'autopackHygiene.ignoredIssues',
  filtered: 'autopackHygiene.filtered',
  drainCancellable: 'autopackHygiene.drainCancellable',
  drainPausable: 'autopackHygiene.drainPausable',
  drainPaused: 'autopackHygiene.drainPaused',
} as const satisfies { readonly [Name in keyof ContextValues]: `autopackHygiene.${Name}` };

/** The settings of the extension, without their prefix, and their types. */
export interface SettingValues {
  readonly pythonInterpreter: string;
  readonly 'drain.executor': 'auto' | 'autopack' | 'endpoint' | 'vscode' | 'example';
  /** Known variables to be set for executions, see `knownVariables`. */
  readonly 'drain.environment': Readonly<Record<string, string>>;
  /** How many phases one drain takes at most. */
  readonly 'drain.batchSize': number;
  readonly 'drain.phaseTimeoutSeconds': number;
  readonly 'drain.maxAttemptsPerPhase': number;
  /** Tokens and minutes after which a drain begins no phase; 0 for none. */
  readonly 'drain.maxTokens': number;
  readonly 'drain.maxTotalMinutes': number;
  /** US dollars that a drain costs at most, and from which on it warns; 0 for none. */
  readonly 'drain.maxCost': number;
  readonly 'drain.warnCost': number;
  /** How built-in builders work; the path is of a price list, the tokens are a limit of output (0 for none known). */
  readonly 'builder.continueCutAnswers': boolean;
  readonly 'builder.maxOutputTokens': number;
  readonly 'builder.pricesFile': string;
  /** Of the model that builds phases; empty where none was chosen. */
  readonly 'endpoint.provider': '' | 'openai' | 'anthropic';
  readonly 'endpoint.baseUrl': string;
  readonly 'endpoint.model': string;
  /** How much of the databases the reader keeps in memory. */
  readonly 'reader.cacheMiB': number;
  /** Whether new terminals get the selected database. */
  readonly 'terminals.useSelectedDatabase': boolean;
  /** URLs of API servers that should have the selected database. */
  readonly apiServers: readonly string[];
}

export type SettingName = keyof SettingValues;

export const settingsSection = 'autopackHygiene';

export const settingNames = [
  'pythonInterpreter',
  'drain.executor',
  'drain.environment',
  'drain.batchSize',
  'drain.phaseTimeoutSeconds',
  'drain.maxAttemptsPerPhase',
  'drain.maxTokens',
  'drain.maxTotalMinutes',
  'drain.maxCost',
  'drain.warnCost',
  'builder.continueCutAnswers',
  'builder.maxOutputTokens',
  'builder.pricesFile',
  'endpoint.provider',
  'endpoint.baseUrl',
  'endpoint.model',
  'reader.cacheMiB',
  'terminals.useSelectedDatabase',
  'apiServers',
] as const satisfies readonly SettingName[];

/** URI schemes of the read-only documents. */
export const documentSchemes = {
  phase: 'autopack-phase',
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

/** View types of webview panels. */
export const panelTypes = { telemetry: 'autopackHygiene.telemetry' } as const;

/** The tools that language models are given. */
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

/** What offers the tools to VS Code as an MCP server. */
export const mcpProviderId = 'autopackHygiene.mcp';
