import * as z from 'zod';
import { hideKey } from '../../core/builders/endpointKey.ts';
import type { EndpointServer, EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { ModelError } from '../../core/builders/modelPort.ts';
import { CancelledError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { printable } from '../../core/text/printable.ts';
import { createEndpointModel } from './endpointModel.ts';
import { sendModelRequest, text } from './modelTransport.ts';

/** A model as its server lists it. */
export interface ListedModel {
  readonly id: string;
  /** Its context in tokens; `null` where the server does not say. */
  readonly contextLength: number | null;
}

/** What one small request to a model found. */
export interface EndpointProbe {
  /** Ms to the end of the answer. */
  readonly latencyMs: number;
  /** Whether the server counts the tokens; otherwise its samples are no evidence. */
  readonly reportsUsage: boolean;
  /** Whether it says why an answer ended; otherwise nobody knows whether one was cut off. */
  readonly reportsStopReason: boolean;
  /** Tokens; `null` where the server does not say. */
  readonly contextLength: number | null;
  /** Whether its list has the model; `null` where it gives no list. */
  readonly isListed: boolean | null;
}

const limits = { stallMs: 20_000, maxBytes: 8 << 20 };
/** A local server first loads the model, which takes minutes for a large one. */
const probeStallMs = 180_000;
/** Some models reason before they say anything, and some servers refuse less than 16. */
const probeTokens = 64;
const mostModels = 1000;

const count = z.number().int().positive().optional().catch(undefined);
const listed = z.object({
  data: z.array(
    z.looseObject({
      id: z.string().min(1).max(256),
      // vLLM, OpenRouter, Groq, LM Studio and Mistral, Anthropic, llama.cpp.
      max_model_len: count,
      context_length: count,
      context_window: count,
      loaded_context_length: count,
      max_context_length: count,
      max_input_tokens: count,
      meta: z.looseObject({ n_ctx: count, n_ctx_train: count }).nullish().catch(undefined),
    }),
  ),
});

/**
 * The models that a server lists, as far as it does: `null` where it has no such list. Rejects with `ModelError` where it
 * cannot be reached or refuses the key, and `CancelledError`.
 */
export async function listModels(
  server: EndpointServer,
  signal: AbortSignal,
): Promise<readonly ListedModel[] | null> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(server.provider === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}),
  };
  const query = server.provider === 'anthropic' ? '?limit=1000' : '';
  const request = { method: 'GET', url: `${server.baseUrl}/models${query}`, headers } as const;
  try {
    const { chunks } = await sendModelRequest(server, request, limits, signal);
    const { data: models = [] } = listed.safeParse(JSON.parse(await text(chunks))).data ?? {};
    return models.slice(0, mostModels).map((model) => ({
      id: printable(hideKey(model.id, server.key)),
      contextLength:
        model.loaded_context_length ??
        model.max_model_len ??
        model.context_length ??
        model.context_window ??
        model.meta?.n_ctx ??
        model.max_context_length ??
        model.max_input_tokens ??
        model.meta?.n_ctx_train ??
        null,
    }));
  } catch (error) {
    if (signal.aborted) throw new CancelledError(t`Listing the models`);
    if (error instanceof ModelError && isAboutServer(error)) throw error;
    return null;
  }
}

/** Whether an error is one that asking a model there would meet as well. */
function isAboutServer({ kind, isSilent }: ModelError): boolean {
  if (kind === 'wrong-key' || kind === 'stalled') return true;
  // A server that answers at all may have models and no list.
  return kind === 'unreachable' && isSilent;
}

/** Asks a model for one word. Rejects with `ModelError` and `CancelledError`. */
export async function probeEndpoint(settings: EndpointSettings, signal: AbortSignal): Promise<EndpointProbe> {
  const models = await listModels(settings, signal);
  const startedAt = performance.now();
  const reply = await createEndpointModel(settings).call(
    {
      system: 'You answer with one word.',
      messages: [{ role: 'user', text: 'Say "ready".' }],
      maxTokens: probeTokens,
      stallMs: probeStallMs,
    },
    signal,
    () => undefined,
  );
  const latencyMs = Math.round(performance.now() - startedAt);
  const found = models?.find(({ id }) => id === settings.model || id === `${settings.model}:latest`);
  return {
    latencyMs,
    reportsUsage: reply.usage.source === 'reported',
    reportsStopReason: reply.stopReason !== null,
    contextLength: found?.contextLength ?? null,
    isListed: models === null || models.length === 0 ? null : found !== undefined,
  };
}
