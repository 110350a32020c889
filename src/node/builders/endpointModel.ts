import { hideKey } from '../../core/builders/endpointKey.ts';
import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { eventFailure, type FailingServer } from '../../core/builders/modelFailure.ts';
import {
  ModelError,
  type ModelPort,
  type ModelReply,
  type ModelRequest,
} from '../../core/builders/modelPort.ts';
import { anthropicUsage, countedUsage, openAiUsage } from '../../core/builders/modelUsage.ts';
import { CancelledError } from '../../core/errors.ts';
import type { ModelUsage } from '../../core/model/modelCall.ts';
import { t } from '../../core/text/l10n.ts';
import type * as ModelClient from './modelClient.ts';
import type { ClientPart, ClientRequest } from './modelClient.ts';
import { asResponse, sendModelRequest, type TransportAnswer } from './modelTransport.ts';

/** What comes with a token on the line: its event with ids and names takes 200 to 400 bytes. */
const bytesPerToken = 1024;
const bytesBesides = 4 << 20;
/** UTF-16 units of text and reasoning a token stands for at most, over a whole answer; runs of spaces take most. */
const unitsPerToken = 32;
const unitsBesides = 64 << 10;

/** A model behind an endpoint. It begins to load the client, so that the first call need not wait for it. */
export function createEndpointModel(settings: EndpointSettings): ModelPort {
  const { provider, model } = settings;
  const loading = loadClient();
  // The first call fails with it.
  loading.catch(() => undefined);
  return {
    provider,
    model,
    async call(request, signal, onOutput) {
      requireGoingOn(signal);
      const { streamAnswer } = await loading;
      const call = new EndpointCall(settings, request, onOutput);
      // Ends the request whatever ends the reading of it.
      const ending = new AbortController();
      const both = AbortSignal.any([signal, ending.signal]);
      try {
        for await (const part of streamAnswer(call.clientRequest(both), both)) {
          call.take(part);
          // Some servers leave the connection open.
          if (call.isOver) break;
        }
      } catch (error) {
        requireGoingOn(signal);
        call.requireComplete(error);
      } finally {
        ending.abort();
      }
      requireGoingOn(signal);
      return call.reply();
    },
  };
}

/** Loads the client. It reads a variable as it is loaded, and takes one that is set to nothing for a mistake. */
function loadClient(): Promise<typeof ModelClient> {
  if (process.env.ANTHROPIC_BASE_URL?.trim() === '') delete process.env.ANTHROPIC_BASE_URL;
  return import('./modelClient.ts');
}

function requireGoingOn(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError(t`Asking the model`);
}

/** One call: gathers what comes. */
class EndpointCall {
  readonly #settings: EndpointSettings;
  readonly #request: ModelRequest;
  readonly #onOutput: (text: string) => void;
  readonly #server: FailingServer;
  /** Why the transport failed, which is lost or reworded on the way through the client. */
  #transportError: unknown = null;
  #text = '';
  #reasoning = '';
  #refusal = '';
  #stopReason: string | null = null;
  #events = 0;
  readonly #usageEvents: unknown[] = [];
  /** Whether the server said that its answer is complete. */
  #isComplete = false;
  /** Whether nothing more comes. */
  isOver = false;

  constructor(settings: EndpointSettings, request: ModelRequest, onOutput: (text: string) => void) {
    this.#settings = settings;
    this.#request = request;
    this.#onOutput = onOutput;
    this.#server = { host: new URL(settings.baseUrl).host, key: settings.key };
  }

  clientRequest(signal: AbortSignal): ClientRequest {
    const { provider, baseUrl, model } = this.#settings;
    const { system, messages, maxTokens, stallMs } = this.#request;
    const limits = { stallMs, maxBytes: bytesBesides + maxTokens * bytesPerToken };
    return {
      ...{ provider, baseUrl, model, system, messages, maxTokens },
      fetch: async (url, body, headers) => {
        const withLimit = this.#withLimit(body);
        const request = {
          method: 'POST',
          url,
          body: withLimit,
          headers,
          accept: 'text/event-stream',
        } as const;
        try {
          const answer = await sendModelRequest(this.#settings, request, limits, signal);
          return asResponse({ ...answer, chunks: this.#watched(answer) });
        } catch (error) {
          this.#transportError = error;
          throw error;
        }
      },
    };
  }

  /**
   * What is sent is the limit that was asked for, whatever the client knows of the model. OpenAI's own newer models refuse
   * the name that all others know.
   */
  #withLimit(body: string): string {
    const parsed = JSON.parse(body) as Record<string, unknown>;
    delete parsed.max_tokens;
    const { provider, baseUrl } = this.#settings;
    const isNew =
      provider === 'openai' && /(?:^|\.)openai\.(?:com|azure\.com)$/.test(new URL(baseUrl).hostname);
    return JSON.stringify({
      ...parsed,
      [isNew ? 'max_completion_tokens' : 'max_tokens']: this.#request.maxTokens,
    });
  }

  async *#watched({ chunks }: TransportAnswer): AsyncGenerator<Uint8Array, void> {
    let end = '';
    try {
      for await (const chunk of chunks) {
        yield chunk;
        end = (end + Buffer.from(chunk.subarray(-16)).toString('latin1')).slice(-16);
        // The mark by which OpenAI's protocol ends, which some servers send without a reason for the end.
        if (!/^data: ?\[DONE\]\s*$/m.test(end)) continue;
        this.#isComplete = true;
        return;
      }
    } catch (error) {
      this.#transportError = error;
      throw error;
    }
  }

  take(part: ClientPart): void {
    switch (part.kind) {
      case 'text':
        this.#text += part.text;
        this.#onOutput(part.text);
        this.#requireBounded();
        break;
      case 'reasoning':
        this.#reasoning += part.text;
        this.#requireBounded();
        break;
      case 'event':
        this.#takeEvent(part.event);
        break;
      case 'error':
        // The client complains that nothing gave a reason for the end.
        if (this.#isComplete && isNamed(part.error, 'AI_InvalidResponseDataError')) return;
        throw part.error;
    }
  }

  #requireBounded(): void {
    const longest = unitsBesides + this.#request.maxTokens * unitsPerToken;
    if (this.#text.length + this.#reasoning.length <= longest) return;
    throw new ModelError(
      'invalid',
      t`${this.#server.host} went on long after the limit of ${this.#request.maxTokens} tokens; it was cut off.`,
      { usage: this.#usage() },
    );
  }

  #takeEvent(event: unknown): void {
    if (!isRecord(event)) return;
    if (isRecord(event.error) || typeof event.error === 'string') {
      throw eventFailure(this.#server, event, this.#usage());
    }
    if (this.#settings.provider === 'anthropic') this.#takeAnthropic(event);
    else this.#takeOpenAi(event);
  }

  #takeOpenAi({ usage, choices }: Record<string, unknown>): void {
    if (Array.isArray(choices)) this.#events += 1;
    if (isRecord(usage)) this.#usageEvents.push(usage);
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isRecord(choice)) return;
    this.#stopFor(choice.finish_reason);
    const refusal = isRecord(choice.delta) ? choice.delta.refusal : undefined;
    if (typeof refusal === 'string') this.#refusal += refusal;
  }

  #takeAnthropic({ type, message, delta, usage }: Record<string, unknown>): void {
    if (type === 'message_start' && isRecord(message)) {
      this.#events += 1;
      this.#usageEvents.push(message.usage);
    }
    if (type === 'message_delta') {
      this.#usageEvents.push(usage);
      if (isRecord(delta)) this.#stopFor(delta.stop_reason);
    }
    if (type === 'message_stop') this.#isComplete = this.isOver = true;
  }

  #stopFor(reason: unknown): void {
    if (typeof reason !== 'string' || reason === '') return;
    this.#stopReason = reason.slice(0, 100);
    this.#isComplete = true;
  }

  /** Throws where what came is no answer. */
  reply(): ModelReply {
    const { host, key } = this.#server;
    if (this.#events === 0)
      throw new ModelError('unreachable', t`${host} sent no answer of a model. Check the base URL.`);
    if (!this.#isComplete) throw this.#disconnected();
    const usage = this.#usage();
    if (/^(?:content_filter|refusal|safety)$/i.test(this.#stopReason ?? '') || this.#refusal !== '') {
      throw new ModelError('refused', t`${host} refused to answer for reasons of its content policy.`, {
        usage,
      });
    }
    if (this.#stopReason === 'error') throw eventFailure(this.#server, {}, usage);
    if (hideKey(this.#text, key) !== this.#text) {
      throw new ModelError('invalid', t`${host} repeated the API key in its answer, which is not used.`, {
        usage,
      });
    }
    return { text: this.#text, usage, stopReason: this.#stopReason };
  }

  /**
   * Throws what an error means, unless the answer was complete before it. Nothing of an error of the client is shown: it
   * holds all that was sent.
   */
  requireComplete(error: unknown): void {
    const known = [error, this.#transportError].find((each) => each instanceof ModelError);
    if (this.#stopReason !== null && (known === undefined || /^(?:disconnected|stalled)$/.test(known.kind)))
      return;
    if (known !== undefined) throw this.#events === 0 ? known : this.#withUsage(known);
    if (this.#events > 0) throw this.#disconnected();
    throw new ModelError(
      'unreachable',
      t`${this.#server.host} sent something that is no answer of a model. Check the base URL and the provider.`,
    );
  }

  #withUsage(error: ModelError): ModelError {
    if (error.usage !== null) return error;
    return new ModelError(error.kind, error.message, {
      retryAfterMs: error.retryAfterMs,
      usage: this.#usage(),
    });
  }

  #disconnected(): ModelError {
    return new ModelError('disconnected', t`${this.#server.host} ended its answer before it was complete.`, {
      usage: this.#usage(),
    });
  }

  #usage(): ModelUsage {
    const { system, messages } = this.#request;
    const input = [system, ...messages.map(({ text }) => text)].join('\n');
    const counted = countedUsage(input, this.#text, this.#reasoning);
    const reported =
      this.#settings.provider === 'anthropic'
        ? anthropicUsage(this.#usageEvents)
        : openAiUsage(this.#usageEvents.at(-1));
    if (reported === null || (reported.output === 0 && counted.output > 0)) return counted;
    // Until an answer is complete, what the server told of its output is what it began with.
    if (this.#isComplete || reported.output >= counted.output) return reported;
    return { ...reported, output: counted.output, reasoning: counted.reasoning, source: 'counted' };
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
