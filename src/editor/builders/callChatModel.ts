import * as vscode from 'vscode';
import type { ModelRequest } from '../../core/builders/modelPort.ts';
import type { ModelUsage } from '../../core/model/modelCall.ts';
import { endedUsage } from '../../core/builders/modelUsage.ts';
import { t } from '../../core/text/l10n.ts';
import type { ChatModelRef, FollowerAnswer } from '../../protocol/followerProtocol.ts';
import { chatModelFailure } from './chatModelError.ts';

/** What calling a model needs. */
export interface CallChatModelDeps {
  readonly access: Pick<vscode.LanguageModelAccessInformation, 'canSendRequest'>;
}

const justification = (): string =>
  t`Autopack Hygiene uses it to write phase files in a drain that you started.`;

/**
 * Has a model of the editor answer, with its text as it comes. Usage is counted with the model's own counter, for the
 * API reports none. Rejects at the signal, which ends the call.
 */
export async function callChatModel(
  { vendor, id }: ChatModelRef,
  request: ModelRequest,
  { access }: CallChatModelDeps,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<FollowerAnswer> {
  const name = `${vendor}/${id}`;
  const [model] = await vscode.lm.selectChatModels({ vendor, id });
  if (model === undefined) {
    const missing = vscode.LanguageModelError.NotFound('The model is not there any more');
    return { kind: 'model-error', ...chatModelFailure(missing, name), usage: null };
  }
  const messages = messagesOf(request);
  const watch = new StallWatch(request.stallMs, signal);
  let text = '';
  try {
    // Before the first call VS Code asks the user, who may take all the time in the world.
    if (access.canSendRequest(model) !== undefined) watch.restart();
    const options = { justification: justification(), modelOptions: { max_tokens: request.maxTokens } };
    const response = await model.sendRequest(messages, options, watch.token);
    watch.restart();
    for await (const piece of response.text) {
      watch.restart();
      text += piece;
      onText(piece);
    }
    if (watch.isStalled) throw stalled(request.stallMs);
    return { kind: 'model-reply', usage: await usageOf(model, messages, request, text) };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = watch.isStalled ? stalled(request.stallMs) : thrown;
    const usage = text === '' ? null : await usageOf(model, messages, request, text);
    const failure = chatModelFailure(error, model.name);
    return { kind: 'model-error', ...failure, ...(watch.isStalled ? { error: 'stalled' } : {}), usage };
  } finally {
    watch.dispose();
  }
}

function stalled(stallMs: number): Error {
  return new Error(`No response for ${Math.round(stallMs / 1000)} s`);
}

/** The API knows no system prompt: it stands before the first message. */
function messagesOf({ system, messages }: ModelRequest): vscode.LanguageModelChatMessage[] {
  return messages.map(({ role, text }, index) => {
    const whole = index === 0 && system !== '' ? `${system}\n\n${text}` : text;
    return role === 'user'
      ? vscode.LanguageModelChatMessage.User(whole)
      : vscode.LanguageModelChatMessage.Assistant(whole);
  });
}

async function usageOf(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  request: ModelRequest,
  text: string,
): Promise<ModelUsage> {
  try {
    const asked = await Promise.all(messages.map((message) => model.countTokens(message)));
    const input = asked.reduce((sum, count) => sum + wholeCount(count), 0);
    const output = wholeCount(await model.countTokens(text));
    const none = { cachedInput: 0, cacheWrite: 0, reasoning: 0 };
    return { input, uncachedInput: input, output, ...none, source: 'counted' };
  } catch {
    // Its counter fails: about right is better than nothing.
    return endedUsage(request, text);
  }
}

/** Counters are other extensions' code. */
function wholeCount(count: number): number {
  if (!Number.isFinite(count) || count < 0) throw new Error('The model counts no tokens.');
  return Math.round(count);
}

/** Cancels a call when its signal fires, or when nothing came for too long. */
class StallWatch {
  readonly #source = new vscode.CancellationTokenSource();
  readonly #stallMs: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.#source.cancel();
  #timer: NodeJS.Timeout | undefined;
  #isStalled = false;

  constructor(stallMs: number, signal: AbortSignal) {
    this.#stallMs = stallMs;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
  }

  get token(): vscode.CancellationToken {
    return this.#source.token;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  restart(): void {
    clearTimeout(this.#timer);
    if (this.#isStalled) return;
    this.#timer = setTimeout(() => {
      this.#isStalled = true;
      this.#source.cancel();
    }, this.#stallMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#source.dispose();
  }
}
