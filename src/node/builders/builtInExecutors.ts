import * as z from 'zod';
import type { EndpointKey } from '../../core/builders/endpointKey.ts';
import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import type { ModelPort } from '../../core/builders/modelPort.ts';
import type { ExecutorPort } from '../../core/model/execution.ts';
import { chatModelRef, type ChatModelRef } from '../../protocol/followerProtocol.ts';
import { builderExecutor } from './builderExecutor.ts';
import { builderOptions, type BuilderOptions } from './builderOptions.ts';

/** A model behind an endpoint, as another process is told of it: without its key. */
export const endpointDescription = z.object({
  name: z.literal('endpoint'),
  provider: z.enum(['openai', 'anthropic']),
  baseUrl: z.string(),
  model: z.string(),
  builder: builderOptions,
});

/** A model of the editor. */
export const chatDescription = z.object({
  name: z.literal('vscode'),
  model: chatModelRef,
  builder: builderOptions,
});

type EndpointDescription = Readonly<z.output<typeof endpointDescription>>;
type ChatDescription = Readonly<z.output<typeof chatDescription>>;

/** What only the process that executes has. */
export interface ModelAccess {
  /** The key of the endpoint; `null` for a server that wants none. */
  readonly key: EndpointKey | null;
  /** Calls a model of the editor; `null` where no editor can be reached. */
  readonly chatModel: ((model: ChatModelRef) => ModelPort) | null;
}

/** Executes phases with a model behind an endpoint. Prices are those of its host. */
export function endpointExecutor(description: EndpointDescription, { key }: ModelAccess): ExecutorPort {
  const { provider, baseUrl, model, builder } = description;
  const settings: EndpointSettings = { provider, baseUrl, model, key, keySource: null, notes: [] };
  const { host } = new URL(baseUrl);
  const executor = builderExecutor('endpoint', timing(builder), async (folder) => {
    const { endpointTools } = await import('./builderTools.ts');
    return endpointTools(settings, builder, folder);
  });
  return {
    ...executor,
    async quote(phases, attempts) {
      const { quote } = await import('./builderTools.ts');
      return quote(host, model, builder, phases, attempts);
    },
  };
}

/** Executes phases with a model of the editor, which a window must be open to call. It has no price that is known here. */
export function chatExecutor({ model, builder }: ChatDescription, { chatModel }: ModelAccess): ExecutorPort {
  return builderExecutor('vscode', timing(builder), async (folder) => {
    if (chatModel === null)
      throw new Error("A model of the editor can only be called from the drain's own process.");
    const { builderTools } = await import('./builderTools.ts');
    return builderTools(chatModel(model), model.vendor, builder, folder);
  });
}

function timing({
  continueCut,
  stallSeconds,
  maxOutputTokens,
}: BuilderOptions): Parameters<typeof builderExecutor>[1] {
  return { continueCut, stallMs: stallSeconds * 1000, maxOutputTokens };
}
