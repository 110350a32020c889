import { CancelledError } from '../errors.ts';
import { finishKind } from '../model/finishReason.ts';
import type { ExecutionBudget, RecordedCall } from '../model/executionHost.ts';
import {
  addUsage,
  recordedTokens,
  spendOf,
  totalCost,
  type CallCost,
  type ModelUsage,
} from '../model/modelCall.ts';
import type { ClockPort } from '../ports.ts';
import { counted } from '../text/quantities.ts';
import type { AttemptJournalPort } from './attemptJournal.ts';
import { AttemptEnd, endOfClientError, endOfModelError } from './attemptEnd.ts';
import { continueMessages } from './buildPrompt.ts';
import type { Deadline } from './deadline.ts';
import { endedUsage, unitsPerToken } from './modelUsage.ts';
import { ModelError, type ModelMessage, type ModelPort, type ModelReply } from './modelPort.ts';

/** What is predicted for each call of an attempt, in output tokens. */
export interface CallPlan {
  readonly predicted: number;
  readonly selectedBudget: number;
  /** The limit that is sent. */
  readonly maxTokens: number;
}

/** What a conversation is held with. */
export interface ConversationParts {
  readonly model: ModelPort;
  readonly journal: AttemptJournalPort;
  readonly clock: ClockPort;
  readonly budget: ExecutionBudget;
  readonly deadline: Deadline;
  readonly plan: CallPlan;
  /** Whether a cut answer is continued; its continuations belong to its call. */
  readonly continueCut: boolean;
  /** The longest silence of the model, in ms. */
  readonly stallMs: number;
  /** US dollars; `null` where the model has no price. */
  readonly priceOf: (usage: ModelUsage) => CallCost | null;
  readonly log: (message: string) => void;
  /** Output tokens so far, and until when it waits (ms since the epoch) where it does. */
  readonly onOutput: (tokens: number, waitsUntil?: number) => void;
}

/** How often a call is tried again that was cut or turned away for a while. */
const mostRetries = { disconnected: 2, overloaded: 8, 'rate-limit': 8 } as const;
/** The pause before the first retry where the server names none, in ms; each further one is twice as long. */
const firstPauseMs = 2000;
const longestPauseMs = 60_000;
/** How often a cut answer is continued. */
export const mostContinuations = 3;

/** The calls of one attempt: what was asked and answered, and what it used. */
export class ModelConversation {
  readonly #parts: ConversationParts;
  readonly #system: string;
  #calls: RecordedCall[] = [];

  constructor(parts: ConversationParts, system: string) {
    this.#parts = parts;
    this.#system = system;
  }

  /** Every call that used tokens, the last one `success` only after {@link succeeded}. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** The last answer could be used. */
  succeeded(): void {
    this.#calls = this.#calls.map((call, index) =>
      index === this.#calls.length - 1 ? { ...call, success: true } : call,
    );
  }

  /** Asks for an answer; `because` says why, where it is not the first. Throws {@link AttemptEnd} and `CancelledError`. */
  async ask(messages: readonly ModelMessage[], because?: string): Promise<string> {
    if (because !== undefined) this.#refuseOverBudget(because);
    let { text, isCut } = await this.#call(messages, null);
    const [first] = messages;
    for (let n = 0; isCut && first !== undefined && this.#parts.continueCut && n < mostContinuations; n++) {
      this.#refuseOverBudget('The answer was cut off.');
      this.#parts.log('The answer was cut off at its limit; asking for the rest.');
      const { kept, messages: more } = continueMessages(first, text);
      const rest = await this.#call(more, this.#calls.length - 1);
      text = kept + rest.text;
      ({ isCut } = rest);
    }
    if (!isCut) return text;
    const { maxTokens } = this.#parts.plan;
    throw new AttemptEnd('FAILED', `The answer was cut off at the limit of ${counted(maxTokens, 'token')}.`);
  }

  #refuseOverBudget(because: string): void {
    const { budget } = this.#parts;
    const isOver =
      (budget.tokens !== null && recordedTokens(this.#calls) >= budget.tokens) ||
      (budget.cost !== null && totalCost(spendOf(this.#calls).cost) >= budget.cost);
    if (isOver) throw new AttemptEnd('FAILED', `${because} The budget of the drain is used up.`);
  }

  /** One call, tried again as often as makes sense. A continuation is added to the call at the index given. */
  async #call(
    messages: readonly ModelMessage[],
    continues: number | null,
  ): Promise<{ readonly text: string; readonly isCut: boolean }> {
    for (let retry = 0; ; retry++) {
      try {
        const reply = await this.#send(messages, continues);
        const finish = finishKind(reply.stopReason);
        if (finish === 'unfinished') {
          throw new AttemptEnd('FAILED', `The model did not finish its answer: ${reply.stopReason}.`);
        }
        return { text: reply.text, isCut: finish === 'cut-off' };
      } catch (error) {
        if (error instanceof AttemptEnd || error instanceof CancelledError) throw error;
        if (!(error instanceof ModelError)) throw endOfClientError(error);
        await this.#pauseBeforeRetry(error, retry);
      }
    }
  }

  async #pauseBeforeRetry(error: ModelError, retry: number): Promise<void> {
    const { clock, deadline, log, onOutput } = this.#parts;
    const most = error.kind in mostRetries ? mostRetries[error.kind as keyof typeof mostRetries] : 0;
    if (retry >= most) throw endOfModelError(error);
    const pauseMs = error.retryAfterMs ?? Math.min(firstPauseMs * 2 ** retry, longestPauseMs);
    if (pauseMs >= deadline.leftMs) {
      throw endOfModelError(
        error,
        `It asks to wait ${Math.ceil(pauseMs / 1000)} s, longer than the phase may take.`,
      );
    }
    this.#refuseOverBudget(error.message);
    log(`${error.message} Trying again in ${Math.ceil(pauseMs / 1000)} s.`);
    onOutput(this.#outputTokens, clock.now() + pauseMs);
    await clock.sleep(pauseMs, deadline.signal);
  }

  get #outputTokens(): number {
    return spendOf(this.#calls).output;
  }

  async #send(messages: readonly ModelMessage[], continues: number | null): Promise<ModelReply> {
    const { model, journal, clock, deadline, plan, stallMs, onOutput } = this.#parts;
    const startedAt = clock.now();
    await journal.write({ kind: 'call-started', at: startedAt });
    const before = this.#outputTokens;
    let answer = '';
    const request = {
      system: this.#system,
      messages,
      maxTokens: plan.maxTokens,
      stallMs,
    };
    let used: ModelUsage | null = null;
    let stopReason: string | null = null;
    try {
      const reply = await model.call(request, deadline.signal, (text) => {
        answer += text;
        onOutput(before + Math.ceil(answer.length / unitsPerToken));
      });
      ({ usage: used, stopReason } = reply);
      return reply;
    } catch (error) {
      if (error instanceof ModelError) ({ usage: used } = error);
      // What a cancelled call used is never told; its answer so far was paid for.
      else if (error instanceof CancelledError && answer !== '') used = endedUsage(request, answer);
      throw error;
    } finally {
      await this.#record({ usage: used, stopReason, startedAt, finishedAt: clock.now() }, continues);
      onOutput(this.#outputTokens);
    }
  }

  async #record(
    ended: {
      readonly usage: ModelUsage | null;
      readonly stopReason: string | null;
      readonly startedAt: number;
      readonly finishedAt: number;
    },
    continues: number | null,
  ): Promise<void> {
    const { model, journal, plan, priceOf } = this.#parts;
    const { usage, stopReason } = ended;
    if (usage === null) {
      await journal.write({ kind: 'call-ended', call: null });
      return;
    }
    const { provider, model: name } = model;
    const call: RecordedCall = {
      ...{ provider, model: name, usage, stopReason, maxTokens: plan.maxTokens, cost: priceOf(usage) },
      ...{ startedAt: ended.startedAt, finishedAt: this.#distinctTime(ended.finishedAt) },
      ...{ predicted: plan.predicted, selectedBudget: plan.selectedBudget, success: false },
      truncated: truncatedBy(stopReason),
    };
    const head = continues === null ? undefined : this.#calls[continues];
    if (head === undefined || continues === null) this.#calls.push(call);
    else this.#calls[continues] = joined(head, call);
    await journal.write({ kind: 'call-ended', call });
  }

  /** No two calls of a phase end in the same millisecond, by which they are told apart in the database. */
  #distinctTime(finishedAt: number): number {
    const last = this.#calls.at(-1)?.finishedAt;
    return last === undefined ? finishedAt : Math.max(finishedAt, last + 1);
  }
}

/** `null` where it is not known. */
function truncatedBy(stopReason: string | null): boolean | null {
  const finish = finishKind(stopReason);
  return finish === 'none' || finish === 'unknown' ? null : finish === 'cut-off';
}

/** A cut call and its continuation as one: its tokens together, its end that of the continuation. */
function joined(head: RecordedCall, rest: RecordedCall): RecordedCall {
  return {
    ...rest,
    startedAt: head.startedAt,
    maxTokens: head.maxTokens + rest.maxTokens,
    usage: addUsage(head.usage, rest.usage),
    cost: head.cost === null || rest.cost === null ? null : spendOf([head, rest]).cost,
  };
}
