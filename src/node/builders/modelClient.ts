import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { experimental_streamLanguageModelCall as streamModelCall } from 'ai';

/**
 * The part of the builder that needs the AI SDK: a bundle of its own, which is loaded with the first call. Nothing else
 * is imported here, so that no class exists twice.
 */
export interface ClientRequest {
  readonly provider: 'openai' | 'anthropic';
  readonly baseUrl: string;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  readonly maxTokens: number;
  /** Sends the request. The SDK is given no key: this puts it in. */
  readonly fetch: (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Response>;
}

/** A part of an answer: its text, what it reasons, an event as the server sent it, or what went wrong. */
export type ClientPart =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string }
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'error'; readonly error: unknown };

/** In place of a key, without which Anthropic's client does not start, or takes one from the environment itself. */
const noKey = 'none';

/** Streams one answer, without any retry. It does not throw but for what `fetch` throws before the answer began. */
export async function* streamAnswer(
  request: ClientRequest,
  signal: AbortSignal,
): AsyncGenerator<ClientPart, void> {
  // Its warnings are about models that it does not know, and would go to the terminal.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  // One call and nothing around it: no loop over tools, no retries, no telemetry, no copies for late readers.
  const { stream } = await streamModelCall({
    model: modelOf(request),
    ...(request.system === '' ? {} : { instructions: request.system }),
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    maxOutputTokens: request.maxTokens,
    abortSignal: signal,
    includeRawChunks: true,
  });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield { kind: 'text', text: part.text };
    else if (part.type === 'reasoning-delta') yield { kind: 'reasoning', text: part.text };
    else if (part.type === 'raw') yield { kind: 'event', event: part.rawValue };
    else if (part.type === 'error') yield { kind: 'error', error: part.error };
  }
}

function modelOf({
  provider,
  baseUrl,
  model,
  fetch,
}: ClientRequest): Parameters<typeof streamModelCall>[0]['model'] {
  const send: typeof globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    const headers = new Headers(init?.headers);
    for (const name of ['authorization', 'x-api-key']) headers.delete(name);
    return fetch(url, typeof init?.body === 'string' ? init.body : '', Object.fromEntries(headers));
  };
  return provider === 'anthropic'
    ? createAnthropic({ baseURL: baseUrl, apiKey: noKey, fetch: send })(model)
    : createOpenAICompatible({ name: 'openai', baseURL: baseUrl, fetch: send, includeUsage: true })(model);
}
