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
