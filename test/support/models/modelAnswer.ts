/** The tokens a scripted answer reports; see `usageEvent` for how each protocol says them. */
export interface ScriptedUsage {
  /** Input that is neither read from the cache nor written to it. */
  readonly uncached: number;
  readonly cached?: number;
  readonly cacheWrite?: number;
  /** Output without reasoning. */
  readonly output: number;
  readonly reasoning?: number;
}

/** How a stream goes wrong after `after` chunks of its text. */
export interface StreamFault {
  readonly after: number;
  readonly kind: 'stall' | 'cut' | 'endless' | 'event' | 'end';
  /** For `event`: sent as it is, as the data of an event. */
  readonly data?: string;
}

/** What the server answers to one request. */
export type ModelAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly reasoning?: string;
      /** Absent: counted by four characters a token; `null`: none is reported; a record: sent as it is. */
      readonly usage?: ScriptedUsage | Readonly<Record<string, unknown>> | null;
      /** Absent: the protocol's usual one; `null`: none. */
      readonly stopReason?: string | null;
      /** Characters of a chunk; 24 where it is absent. */
      readonly chunkSize?: number;
      /** Ms before the first byte, and between chunks. */
      readonly firstMs?: number;
      readonly betweenMs?: number;
      readonly fault?: StreamFault;
      /** Leaves the connection open behind the last event. */
      readonly staysOpen?: boolean;
    }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Nothing at all, or the connection closed before any byte. */
  | { readonly kind: 'silence' | 'hang-up' };

/** A protocol of the server. */
export type Protocol = 'openai' | 'anthropic';

/** The events of an answer, as the data of each, chunk by chunk: what comes before the text, the chunks, what comes behind. */
export interface AnswerEvents {
  readonly before: readonly string[];
  readonly chunks: readonly string[];
  readonly behind: readonly string[];
}

type TextAnswer = Extract<ModelAnswer, { kind: 'text' }>;

/** What is reported where the test says nothing. */
function usualUsage(asked: string, { text, reasoning = '' }: TextAnswer): ScriptedUsage {
  const tokens = (part: string): number => Math.ceil(part.length / 4);
  return { uncached: tokens(asked), output: tokens(text), reasoning: tokens(reasoning) };
}

/** The usage as a protocol says it: OpenAI counts cached input and reasoning inside, Anthropic cached input beside. */
function usageEvent(
  protocol: Protocol,
  usage: ScriptedUsage | Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!isScripted(usage)) return usage;
  const { uncached, cached = 0, cacheWrite = 0, output, reasoning = 0 } = usage;
  if (protocol === 'anthropic') {
    return {
      input_tokens: uncached,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: cacheWrite,
      output_tokens: output + reasoning,
      output_tokens_details: { thinking_tokens: reasoning },
    };
  }
  const prompt = uncached + cached + cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: output + reasoning,
    total_tokens: prompt + output + reasoning,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function isScripted(usage: object): usage is ScriptedUsage {
  return 'uncached' in usage;
}

/** The events of an answer in a protocol. */
export function answerEvents(
  protocol: Protocol,
  model: string,
  asked: string,
  answer: TextAnswer,
): AnswerEvents {
  const usage =
    answer.usage === null ? null : usageEvent(protocol, answer.usage ?? usualUsage(asked, answer));
  return protocol === 'openai' ? openAiEvents(model, answer, usage) : anthropicEvents(model, answer, usage);
}

function openAiEvents(model: string, answer: TextAnswer, usage: object | null): AnswerEvents {
  const chunk = (delta: object, finish: string | null = null): string =>
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const { stopReason = 'stop' } = answer;
  return {
    before: [chunk({ role: 'assistant', content: '' })],
    chunks: [
      ...pieces(answer.reasoning ?? '', answer.chunkSize).map((text) => chunk({ reasoning_content: text })),
      ...pieces(answer.text, answer.chunkSize).map((text) => chunk({ content: text })),
    ],
    behind: [
      ...(stopReason === null ? [] : [chunk({}, stopReason)]),
      ...(usage === null
        ? []
        : [
            JSON.stringify({
              id: 'chatcmpl-1',
              object: 'chat.completion.chunk',
              created: 1,
              model,
              choices: [],
              usage,
            }),
          ]),
      '[DONE]',
    ],
  };
}

function anthropicEvents(model: string, answer: TextAnswer, usage: object | null): AnswerEvents {
  const { stopReason = 'end_turn' } = answer;
  const none = { input_tokens: 0, output_tokens: 0 };
  const block = (index: number, start: object, deltas: readonly object[]): string[] => [
    JSON.stringify({ type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => JSON.stringify({ type: 'content_block_delta', index, delta })),
    JSON.stringify({ type: 'content_block_stop', index }),
  ];
  const thinking = pieces(answer.reasoning ?? '', answer.chunkSize);
  const first = thinking.length === 0 ? 0 : 1;
  return {
    before: [
      JSON.stringify({
        type: 'message_start',
        message: {
          ...{ id: 'msg_1', type: 'message', role: 'assistant', model, content: [] },
          ...{ stop_reason: null, stop_sequence: null },
          usage: { ...(usage ?? none), output_tokens: usage === null ? 0 : 1 },
        },
      }),
      JSON.stringify({ type: 'ping' }),
    ],
    chunks: [
      ...(first === 0
        ? []
        : block(
            0,
            { type: 'thinking', thinking: '', signature: '' },
            thinking.map((text) => ({ type: 'thinking_delta', thinking: text })),
          )),
      ...block(
        first,
        { type: 'text', text: '' },
        pieces(answer.text, answer.chunkSize).map((text) => ({ type: 'text_delta', text })),
      ),
    ],
    behind: [
      JSON.stringify({
        type: 'message_delta',
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: usage ?? { output_tokens: 0 },
      }),
      JSON.stringify({ type: 'message_stop' }),
    ],
  };
}

function pieces(text: string, size = 24): string[] {
  const all: string[] = [];
  for (let start = 0; start < text.length; start += size) all.push(text.slice(start, start + size));
  return all;
}
