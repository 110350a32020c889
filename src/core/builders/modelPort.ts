import type { ModelUsage } from '../model/modelCall.ts';

/** One message of a conversation with a model. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What a model is asked. */
export interface ModelRequest {
  readonly system: string;
  /** The last one is the user's. */
  readonly messages: readonly ModelMessage[];
  /** The limit of output tokens that is sent. */
  readonly maxTokens: number;
  /** The longest time without a byte before the call counts as stalled, in ms. */
  readonly stallMs: number;
}

/** What a model answered. */
export interface ModelReply {
  readonly text: string;
  readonly usage: ModelUsage;
  /** In the provider's own word (`end_turn`, `length`); `null` where it gave none. */
  readonly stopReason: string | null;
}

/** A model behind an endpoint or in the editor. */
export interface ModelPort {
  /** As `llm_usage_events` records it. */
  readonly provider: string;
  readonly model: string;
  /**
   * Streams one answer. `onOutput` gets the text as it comes. Rejects with {@link ModelError}, or `CancelledError` at the
   * signal, which ends the request at once. It never tries again by itself.
   */
  call(request: ModelRequest, signal: AbortSignal, onOutput: (text: string) => void): Promise<ModelReply>;
}

/**
 * Why a call gave no answer.
 * - wrong-key, no-access, quota, unknown-model, no-consent: no call can succeed until a person acts.
 * - rate-limit, overloaded: it may succeed later, see `retryAfterMs`.
 * - stalled, disconnected: it began to answer, or was to, and nothing more came; it may succeed when asked again.
 * - unreachable: nobody answers there.
 * - context-length, refused, invalid: this request cannot succeed; others may.
 */
export type ModelErrorKind =
  | 'wrong-key'
  | 'no-access'
  | 'quota'
  | 'unknown-model'
  | 'no-consent'
  | 'rate-limit'
  | 'overloaded'
  | 'stalled'
  | 'disconnected'
  | 'unreachable'
  | 'context-length'
  | 'refused'
  | 'invalid';

/** See {@link ModelErrorKind}. Its message holds no key and no control characters and is at most 500 characters long. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  /** How long the server asks to wait, in ms; `null` where it does not say. */
  readonly retryAfterMs: number | null;
  /** Tokens that were used all the same; `null` where none were, or the server says nothing of it and no text came. */
  readonly usage: ModelUsage | null;
  /** Whether nothing answers there at all. */
  readonly isSilent: boolean;

  constructor(
    kind: ModelErrorKind,
    message: string,
    details: {
      readonly retryAfterMs?: number | null;
      readonly usage?: ModelUsage | null;
      readonly isSilent?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.usage = details.usage ?? null;
    this.isSilent = details.isSilent ?? false;
  }
}
