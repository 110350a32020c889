import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { isBulkChange, readOnlyRefused, requirementOf, writeNames } from '../../core/identity/protection.ts';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import type { JournalAuthor } from '../../core/identity/journalEntry.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import { printable } from '../../core/text/printable.ts';
import type { ToolWorld, WriteProposal } from '../../node/agentTools/agentTool.ts';
import type { WritingTool } from '../../node/agentTools/writingTool.ts';
import { writingToolNames, type WritingToolName } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { confirmationText, confirmationTitle } from './confirmationText.ts';

/** What letting language models write needs. */
export interface WritingToolsDeps {
  /** Notes in the journal that a tool wanted the change. */
  readonly writer: DatabaseWriterPort;
  readonly author: JournalAuthor;
}

/** What is shown while a tool is at work. */
const messages: Readonly<Record<WritingToolName, string>> = {
  autopack_seed: 'Seeding a run',
  autopack_requeue: 'Re-queueing failed phases',
  autopack_mark_stale: 'Marking stale phases as failed',
};

/** How long a confirmation holds, in ms: a person answers it, and VS Code calls at once. */
const agreedMs = 10 * 60_000;

/** Gives tools that write to the language models of the editor, each call behind VS Code's own confirmation. */
export function registerWritingTools(world: ToolWorld, deps: WritingToolsDeps): DisposableStore {
  const store = new DisposableStore();
  const shown = new ShownProposals();
  const { writer, author } = deps;
  for (const name of writingToolNames) {
    const writes = { writer, author, requireHuman: shown.requireFor(name) };
    store.add(
      vscode.lm.registerTool<object>(name, {
        prepareInvocation: ({ input }, token) => prepare(name, input, world, shown, token),
        invoke: ({ input }, token) => invoke(name, input, { ...world, writes }, token),
      }),
    );
  }
  return store;
}

/** What VS Code has shown to a person, each for one call. */
class ShownProposals {
  readonly #shown = new Map<string, { readonly digest: string; readonly at: number }>();

  add(tool: WritingToolName, { digest }: WriteProposal): void {
    this.#shown.set(tool, { digest, at: performance.now() });
  }

  requireFor(tool: WritingToolName): (proposal: WriteProposal) => Promise<void> {
    return (proposal) =>
      new Promise((resolve) => {
        this.#require(tool, proposal);
        resolve();
      });
  }

  /** Takes the consent to a write. VS Code calls a tool only where the person agreed to what was shown before. */
  #require(tool: WritingToolName, proposal: WriteProposal): void {
    requireLevel(proposal);
    const shown = this.#shown.get(tool);
    this.#shown.delete(tool);
    if (shown === undefined || performance.now() - shown.at > agreedMs) throw notShown();
    if (shown.digest !== proposal.digest) throw changed();
  }
}

async function prepare(
  name: WritingToolName,
  input: unknown,
  world: ToolWorld,
  shown: ShownProposals,
  token: vscode.CancellationToken,
): Promise<vscode.PreparedToolInvocation> {
  const invocationMessage = messages[name];
  const tool = await toolOf(name);
  try {
    const proposal = await withSignal(token, (signal) =>
      tool.propose(input, { world, signal, progress: () => undefined }),
    );
    requireLevel(proposal);
    shown.add(name, proposal);
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

/** Throws where the protection of the database wants more than VS Code's confirmation. */
function requireLevel({ operation, path, rows, expected: { level } }: WriteProposal): void {
  const isBulk = isBulkChange(operation, rows);
  const required = requirementOf({ level, operation, isBulk, requester: 'agent', consent: 'yes' });
  if (required === 'nothing') return;
  if (required === 'refused') throw readOnlyRefused(writeNames[operation], path);
  throw new UserFacingError(
    'needs-approval',
    `${writeNames[operation]} is refused: ${path} is protected (${levelNames[level]}), and a tool cannot type its name.`,
    'Ask a person to do it themselves: in the Autopack views of VS Code, or at a terminal.',
  );
}

function notShown(): UserFacingError {
  return new UserFacingError(
    'needs-consent',
    'Nothing was written: no person confirmed this call.',
    'Call the tool through the chat of VS Code, which asks a person.',
  );
}

function changed(): UserFacingError {
  return new UserFacingError(
    'changed',
    'Nothing was written: the database, or what would be done, changed since a person confirmed it.',
    'Call the tool again: a person is asked again.',
  );
}
