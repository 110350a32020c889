import * as vscode from 'vscode';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';
import { t } from '../../core/text/l10n.ts';
import { printable } from '../../core/text/printable.ts';
import type { AgreedDrain, ToolWorld, WriteProposal } from '../../node/agentTools/agentTool.ts';
import type { WritingTool } from '../../node/agentTools/writingTool.ts';
import { systemClock } from '../../node/system/systemPorts.ts';
import { inEnglish, inLanguageOfPeople } from '../../node/system/translations.ts';
import { writingToolNames, type WritingToolName } from '../ids.ts';
import type { DrainSelected } from '../drains/registerDrain.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { ShownProposals } from './shownProposals.ts';

/** What letting language models write needs. */
export interface WritingToolsDeps {
  /** Notes in the journal that a tool wanted the change. */
  readonly writer: DatabaseWriterPort;
  readonly author: JournalAuthor;
  /** Plans a drain of the selected database, and asks a person as the command does. */
  readonly drain: DrainSelected;
  readonly errors: ErrorReporter;
}

/** What is shown while a tool is at work. */
const messages = (): Readonly<Record<WritingToolName, string>> => ({
  autopack_seed: t`Seeding a run`,
  autopack_requeue: t`Re-queueing failed phases`,
  autopack_mark_stale: t`Marking stale phases as failed`,
  autopack_drain: t`Planning a drain`,
});

const drainNext =
  'A person sees the plan of this drain in VS Code and starts it there. autopack_drain_status tells what comes of it.';

/** Gives tools that write to the language models of the editor, each call behind VS Code's own confirmation. */
export function registerWritingTools(
  world: () => Promise<ToolWorld>,
  deps: WritingToolsDeps,
): DisposableStore {
  const store = new DisposableStore();
  const shown = new ShownProposals(systemClock);
  const { writer, author, drain, errors } = deps;
  for (const name of writingToolNames) {
    const requireHuman = (proposal: WriteProposal): Promise<void> =>
      new Promise((resolve) => {
        shown.take(name, proposal);
        resolve();
      });
    const writes = {
      writer,
      author,
      requireHuman,
      drain: ({ phases }: AgreedDrain) => {
        // It takes hours, and has a plan of its own to be agreed to: issues, limits, cost.
        errors.watch(inLanguageOfPeople(() => drain({ kind: 'selected', keys: phases, runIds: [] })));
        return Promise.resolve({ asked: phases.length, nextStep: drainNext });
      },
    };
    store.add(
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: async ({ input }, token) => prepare(name, input, await world(), shown, token),
        invoke: ({ input }, token) =>
          inEnglish(async () => invoke(name, input, { ...(await world()), writes }, token)),
      }),
    );
  }
  return store;
}

async function prepare(
  name: WritingToolName,
  input: unknown,
  world: ToolWorld,
  shown: ShownProposals,
  token: vscode.CancellationToken,
): Promise<vscode.PreparedToolInvocation> {
  const invocationMessage = messages()[name];
  const tool = await toolOf(name);
  const { confirmationText, confirmationTitle } = await import('./confirmationText.ts');
  try {
    const proposal = await withSignal(token, (signal) =>
      tool.propose(input, { world, signal, progress: () => undefined }),
    );
    shown.show(name, proposal);
    const message = new vscode.MarkdownString(confirmationText(proposal));
    const title = printable(confirmationTitle(proposal, tool.title));
    return { invocationMessage, confirmationMessages: { title, message } };
  } catch {
    // Nobody is asked about what would be refused: the call answers why.
    return { invocationMessage };
  }
}

async function invoke(
  name: WritingToolName,
  input: unknown,
  world: ToolWorld,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  const tool = await toolOf(name);
  const { text } = await withSignal(token, (signal) =>
    tool.call(input, { world, signal, progress: () => undefined }),
  );
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

async function withSignal<T>(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancelling = new AbortController();
  const listening = token.onCancellationRequested(() => cancelling.abort());
  if (token.isCancellationRequested) cancelling.abort();
  try {
    return await work(cancelling.signal);
  } finally {
    listening.dispose();
  }
}

async function toolOf(name: WritingToolName): Promise<WritingTool> {
  const { writingTools } = await import('../../node/agentTools/agentTools.ts');
  const tool = writingTools.find((each) => each.name === name);
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  return tool;
}
