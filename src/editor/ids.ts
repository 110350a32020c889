import type * as vscode from 'vscode';
import type { PhaseKey } from '../core/model/phase.ts';

/** Names a run in a command's argument; a row of the Runs view is one. */
export interface RunTarget {
  readonly runId: string;
}

/** Every command and what it takes. An argument is absent where the command is called from the palette. */
export interface CommandArguments {
  readonly selectDatabase: readonly [];
  readonly selectFile: readonly [file: vscode.Uri];
  readonly checkIdentity: readonly [];
  readonly adoptDatabase: readonly [];
  readonly createSeedDatabase: readonly [];
  readonly seedRun: readonly [];
  readonly seedMore: readonly [];
  readonly drain: readonly [];
  readonly drainRun: readonly [target: RunTarget];
  readonly drainPhase: readonly [target: PhaseKey];
  readonly analyzeTelemetry: readonly [];
  readonly refresh: readonly [];
  readonly showPhase: readonly [target: PhaseKey];
  readonly copyId: readonly [target: RunTarget | PhaseKey];
  readonly loadMoreRuns: readonly [];
  readonly showLog: readonly [];
}

export type CommandName = keyof CommandArguments;

export const commandIds = {
  selectDatabase: 'autopackHygiene.selectDatabase',
  selectFile: 'autopackHygiene.selectFile',
  checkIdentity: 'autopackHygiene.checkIdentity',
  adoptDatabase: 'autopackHygiene.adoptDatabase',
  createSeedDatabase: 'autopackHygiene.createSeedDatabase',
  seedRun: 'autopackHygiene.seedRun',
  seedMore: 'autopackHygiene.seedMore',
  drain: 'autopackHygiene.drain',
  drainRun: 'autopackHygiene.drainRun',
  drainPhase: 'autopackHygiene.drainPhase',
  analyzeTelemetry: 'autopackHygiene.analyzeTelemetry',
  refresh: 'autopackHygiene.refresh',
  showPhase: 'autopackHygiene.showPhase',
  copyId: 'autopackHygiene.copyId',
  loadMoreRuns: 'autopackHygiene.loadMoreRuns',
  showLog: 'autopackHygiene.showLog',
} as const satisfies { readonly [Name in CommandName]: `autopackHygiene.${Name}` };

export const viewContainerId = 'autopackHygiene';

export const viewIds = { runs: 'autopackHygiene.runs' } as const;

/** Context keys that the manifest's `when` clauses read, and their values. */
export interface ContextValues {
  /** Whether a database is selected, and whether it can be read. */
  readonly database: 'none' | 'checking' | 'ready' | 'problem';
  /** The code of the problem, or `''`. */
  readonly problem: string;
  readonly draining: boolean;
}

export const contextIds = {
  database: 'autopackHygiene.database',
  problem: 'autopackHygiene.problem',
  draining: 'autopackHygiene.draining',
} as const satisfies { readonly [Name in keyof ContextValues]: `autopackHygiene.${Name}` };

/** The settings of the extension, without their prefix, and their types. */
export interface SettingValues {
  readonly pythonInterpreter: string;
  readonly 'drain.executor': 'auto' | 'autopack' | 'example';
  /** How many phases one drain takes at most. */
  readonly 'drain.batchSize': number;
  readonly 'drain.phaseTimeoutSeconds': number;
  /** How much of the databases the reader keeps in memory. */
  readonly 'reader.cacheMiB': number;
}

export type SettingName = keyof SettingValues;

export const settingsSection = 'autopackHygiene';

export const settingNames = [
  'pythonInterpreter',
  'drain.executor',
  'drain.batchSize',
  'drain.phaseTimeoutSeconds',
  'reader.cacheMiB',
] as const satisfies readonly SettingName[];

/** URI schemes of the read-only documents. */
export const documentSchemes = {
  phase: 'autopack-phase',
  identity: 'autopack-identity',
} as const;

/** View types of webview panels. */
export const panelTypes = { telemetry: 'autopackHygiene.telemetry' } as const;
