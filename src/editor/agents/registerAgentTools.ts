import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { AgentTool, ToolWorld } from '../../node/agentTools/agentTool.ts';
import { ServerChecks } from '../../node/agentTools/serverChecks.ts';
import { ContentCounts } from '../../node/agentTools/contentCounts.ts';
import { chooseExecutor } from '../../node/drain/chooseExecutor.ts';
import type { DescribedExecutor } from '../../node/drain/executors.ts';
import { inEnglish } from '../../node/system/translations.ts';
import type { SourcePlaces } from '../../node/maintenance/collectDatabaseSources.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { guardFolder } from '../database/guardOf.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { isVirtualPath } from '../database/virtualFiles.ts';
import { executorSettings } from '../drains/drainMeans.ts';
import { settingSources } from '../identity/settingSources.ts';
import { agentToolNames, type AgentToolName } from '../ids.ts';
import { readSetting } from '../settings.ts';
import { registerWritingTools, type WritingToolsDeps } from './registerWritingTools.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { localFolders, requireTrust } from '../window/workspaceFolders.ts';

/** What the tools need. */
export interface AgentToolsDeps {
  readonly reader: DatabaseReader;
  /** What counts rows, beside the reader. */
  readonly factsReader: DatabaseReader;
  readonly clock: ClockPort;
  readonly selected: SelectedDatabase;
  readonly apiKeys: ApiKeys;
  /** What new terminals are given, if anything. */
  readonly terminals: () => NonNullable<SourcePlaces['others']>;
  /** How they write, where a person agrees. */
  readonly writing: WritingToolsDeps;
  readonly builders: Builders;
  /** The program behind the example executor; absolute. */
  readonly examplePath: string;
  readonly estimatorPath: () => string | null;
}

/** What is shown while a tool is at work. */
const messages = (): Readonly<Record<AgentToolName, string>> => ({
  autopack_identity: t`Checking which Autopack database is selected`,
  autopack_phases: t`Reading runs and phases`,
  autopack_failures: t`Reading failures`,
  autopack_telemetry: t`Analyzing telemetry`,
  autopack_drain_plan: t`Planning a drain (dry run)`,
  autopack_drain_status: t`Reading drain sessions`,
});

/** Gives tools to the language models of the editor. What they do is loaded with the first call. */
export function registerAgentTools(deps: AgentToolsDeps): DisposableStore {
  const store = new DisposableStore();
  const world = worldOf(deps);
  for (const name of agentToolNames) {
    store.add(
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: () => ({ invocationMessage: messages()[name] }),
        // A model reads the answer.
        invoke: ({ input }, token) => inEnglish(() => invoke(name, input, world, token)),
      }),
    );
  }
  store.add(registerWritingTools(world, deps.writing));
  return store;
}

async function invoke(
  name: AgentToolName,
  input: unknown,
  world: ToolWorld,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const tool = await toolOf(name);
  const cancelling = new AbortController();
  const listening = token.onCancellationRequested(() => cancelling.abort());
  if (token.isCancellationRequested) cancelling.abort();
  try {
    const call = { world, signal: cancelling.signal, progress: () => undefined };
    const { text } = await tool.call(input, call);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  } finally {
    listening.dispose();
  }
}

async function toolOf(name: AgentToolName): Promise<AgentTool> {
  const { agentTools } = await import('../../node/agentTools/agentTools.ts');
  const tool = agentTools.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  return tool;
}

function worldOf({
  reader,
  factsReader,
  clock,
  selected,
  apiKeys,
  terminals,
  ...choosing
}: AgentToolsDeps): ToolWorld {
  return {
    reader,
    counts: new ContentCounts(factsReader),
    clock,
    databasePath: () => selected.path ?? null,
    howToSelect:
      'A human runs "Autopack: Select Database" in VS Code, or clicks the database in the status bar.',
    // What an untrusted folder names, a `.env` or a past drain, is not looked at.
    workspaceFolders: () => (vscode.workspace.isTrusted ? localFolders().map(({ uri }) => uri.fsPath) : []),
    guardFolder: (path) => (vscode.workspace.isTrusted && !isVirtualPath(path) ? guardFolder(path) : null),
    namedElsewhere() {
      const { others, dotenvFiles } = settingSources();
      return { others: [...others, ...terminals()], dotenvFiles, seesSettings: true };
    },
    apiUrls: () => readSetting('apiServers'),
    apiKeyFor: (address) => apiKeys.keyFor(address),
    servers: new ServerChecks(),
    // Each call that writes brings its own.
    writes: null,
    get environment() {
      return { ...process.env, ...readSetting('drain.environment') };
    },
    executorFor: (workspaceFolder) => executorFor(workspaceFolder, choosing),
  };
}

/** The executor that a drain would use. Nobody is asked for what is not chosen yet. */
async function executorFor(
  workspaceFolder: string,
  deps: Pick<AgentToolsDeps, 'builders' | 'examplePath' | 'estimatorPath'>,
): Promise<DescribedExecutor> {
  requireTrust(t`Choosing an executor`);
  const folder = localFolders().find(({ uri }) => uri.fsPath === workspaceFolder);
  if (folder === undefined) {
    const nextStep = t`Open the folder of the project, then try again.`;
    throw new UserFacingError('not-found', t`${workspaceFolder} is not open any more.`, nextStep);
  }
  const { executors, chatModels } = deps.builders;
  const { chosen } = chatModels;
  return chooseExecutor({
    ...executorSettings(folder, deps),
    name: await executors.nameFor(folder),
    endpoint: () => executors.requireEndpoint(),
    chatModel: chosen === undefined ? undefined : { vendor: chosen.vendor, id: chosen.id },
  });
}
