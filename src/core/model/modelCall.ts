/** The tokens of one model call, the input split as its price is. */
export interface ModelUsage {
  /**
   * The input as the provider reports it, which is what Autopack records: OpenAI and those like it count cached tokens in
   * it, Anthropic counts them beside it.
   */
  readonly input: number;
  /** Input at the full price. */
  readonly uncachedInput: number;
  /** Input read from the provider's cache. */
  readonly cachedInput: number;
  /** Input written to the provider's cache. */
  readonly cacheWrite: number;
  /** Output, reasoning included once. */
  readonly output: number;
  /** The part of `output` that is reasoning. */
  readonly reasoning: number;
  /** `counted`: the provider reported no usage, and it was counted or estimated here. */
  readonly source: 'reported' | 'counted';
}

/** A model call that used tokens, however it ended. */
export interface ModelCall {
  /** As recorded: `openai`, `anthropic`, `vscode`. */
  readonly provider: string;
  readonly model: string;
  readonly usage: ModelUsage;
  /** In the provider's own word: `end_turn`, `length`; `null` where it gave none. */
  readonly stopReason: string | null;
  /** The limit of output tokens that was sent. */
  readonly maxTokens: number;
  /** US dollars by the price list; `null` for a model without a price. */
  readonly cost: CallCost | null;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** What a call cost, in US dollars, by what is paid for. */
export interface CallCost {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  /** Without reasoning. */
  readonly output: number;
  readonly reasoning: number;
}

/** Two usages as one: counted where either is. */
export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  return {
    input: a.input + b.input,
    ...addTokens(a, b),
    source: a.source === 'counted' || b.source === 'counted' ? 'counted' : 'reported',
  };
}

type PaidTokens = Omit<ModelUsage, 'input' | 'source'>;

function addTokens(a: PaidTokens, b: PaidTokens): PaidTokens {
  return {
    uncachedInput: a.uncachedInput + b.uncachedInput,
    cachedInput: a.cachedInput + b.cachedInput,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** Input and output of some calls, as they are recorded. */
export function recordedTokens(calls: readonly Pick<ModelCall, 'usage'>[]): number {
  return calls.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
}

/** What a phase or a drain used of models, in tokens, and what it cost. */
export interface ModelSpend {
  readonly calls: number;
  readonly uncachedInput: number;
  readonly cachedInput: number;
  readonly cacheWrite: number;
  /** Reasoning included. */
  readonly output: number;
  readonly reasoning: number;
  /** US dollars of the calls whose price is known. */
  readonly cost: CallCost;
  /** Calls of models without a price. */
  readonly unpricedCalls: number;
  /** Calls whose tokens were counted here, since their provider reported none. */
  readonly countedCalls: number;
}

const noCost: CallCost = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/** Nothing used. */
export const noSpend: ModelSpend = {
  ...{ calls: 0, uncachedInput: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  ...{ cost: noCost, unpricedCalls: 0, countedCalls: 0 },
};

/** What some calls used together. */
export function spendOf(calls: readonly ModelCall[]): ModelSpend {
  return calls.map(ofCall).reduce(addSpend, noSpend);
}

function ofCall({ usage, cost }: ModelCall): ModelSpend {
  const { uncachedInput, cachedInput, cacheWrite, output, reasoning, source } = usage;
  return {
    ...{ calls: 1, uncachedInput, cachedInput, cacheWrite, output, reasoning },
    cost: cost ?? noCost,
    unpricedCalls: cost === null ? 1 : 0,
    countedCalls: source === 'counted' ? 1 : 0,
  };
}

/** The sum of two. */
export function addSpend(a: ModelSpend, b: ModelSpend): ModelSpend {
  return {
    calls: a.calls + b.calls,
    ...addTokens(a, b),
    cost: {
      input: a.cost.input + b.cost.input,
      cached: a.cost.cached + b.cost.cached,
      cacheWrite: a.cost.cacheWrite + b.cost.cacheWrite,
      output: a.cost.output + b.cost.output,
      reasoning: a.cost.reasoning + b.cost.reasoning,
    },
    unpricedCalls: a.unpricedCalls + b.unpricedCalls,
    countedCalls: a.countedCalls + b.countedCalls,
  };
}

/** The whole cost, in US dollars. */
export function totalCost({ input, cached, cacheWrite, output, reasoning }: CallCost): number {
  return input + cached + cacheWrite + output + reasoning;
}
