import * as vscode from 'vscode';
import { loadOnce } from '../../core/lazily.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { AgentTool, ToolWorld } from '../../node/agentTools/agentTool.ts';
import { inEnglish } from '../../node/system/translations.ts';
import type { SourcePlaces } from '../../node/maintenance/collectDatabaseSources.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { agentToolNames, type AgentToolName } from '../ids.ts';
import { registerWritingTools, type WritingToolsDeps } from './registerWritingTools.ts';
import { DisposableStore } from '../window/disposableStore.ts';

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
  const world = loadOnce(async () => (await import('./toolWorld.ts')).toolWorld(deps));
  for (const name of agentToolNames) {
    store.add(
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: () => ({ invocationMessage: messages()[name] }),
        // A model reads the answer.
        invoke: ({ input }, token) => inEnglish(async () => invoke(name, input, await world(), token)),
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
