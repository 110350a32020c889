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
