import * as z from 'zod';
import type { EndpointKey } from '../../core/builders/endpointKey.ts';
import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import type { ModelPort } from '../../core/builders/modelPort.ts';
import {
  callCost,
  parsePriceList,
  planCost,
  priceOfModel,
  shippedPrices,
  type ModelPrice,
} from '../../core/builders/prices.ts';
import { mostContinuations } from '../../core/builders/modelConversation.ts';
import type { CostQuote, ExecutorPort } from '../../core/model/execution.ts';
import type { Phase } from '../../core/model/phase.ts';
import { deliverableMix } from '../../core/telemetry/estimator/deliverableKind.ts';
import { autopackEstimator, predictTokens, selectBudget } from '../../core/telemetry/estimator/estimator.ts';
import { allNew } from '../../core/telemetry/estimator/splitDeliverables.ts';
import { chatModelRef, type ChatModelRef } from '../../protocol/followerProtocol.ts';
import { fileError } from '../system/fileError.ts';
import { readSmallFile } from '../system/regularFile.ts';
import { readEstimator } from '../telemetry/calibrationFiles.ts';
import { builderExecutor, type BuilderTools } from './builderExecutor.ts';
import { DeliverableFiles } from './deliverableFiles.ts';
import { unitsPerToken } from '../../core/builders/modelUsage.ts';
import { createEndpointModel } from './endpointModel.ts';
import { DeliverableVerifier } from './verifyDeliverables.ts';

/** How the built-in builders work. Paths are absolute. */
const builderOptions = z.object({
  /** Whether a cut answer is continued. */
  continueCut: z.boolean(),
  /** The longest silence of the model. */
  stallSeconds: z.number().positive(),
  /** The most output tokens that the model takes as a limit; `null` where none is known. */
  maxOutputTokens: z.number().int().positive().nullable(),
  /** Whether the tests of a phase may be run in the workspace. */
  runTests: z.boolean(),
  /** The estimator's coefficients; Autopack's own without a file. */
  estimatorPath: z.string().nullable(),
  /** The user's own prices, which go before those that come with the product. */
  pricesPath: z.string().nullable(),
});

/** See {@link builderOptions}. */
export type BuilderOptions = Readonly<z.output<typeof builderOptions>>;

/** What is done where nobody says otherwise. */
export const builderDefaults: BuilderOptions = {
  continueCut: false,
  stallSeconds: 120,
  maxOutputTokens: null,
  runTests: false,
  estimatorPath: null,
  pricesPath: null,
};

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
  const executor = builderExecutor('endpoint', timing(builder), (folder) =>
    builderTools(createEndpointModel(settings), host, builder, folder),
  );
  return { ...executor, quote: (phases, attempts) => quote(host, model, builder, phases, attempts) };
}

/** Executes phases with a model of the editor, which a window must be open to call. It has no price that is known here. */
export function chatExecutor({ model, builder }: ChatDescription, { chatModel }: ModelAccess): ExecutorPort {
  return builderExecutor('vscode', timing(builder), (folder) => {
    if (chatModel === null)
      throw new Error("A model of the editor can only be called from the drain's own process.");
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

async function builderTools(
  model: ModelPort,
  host: string,
  { runTests, estimatorPath, pricesPath }: BuilderOptions,
  workspaceFolder: string,
): Promise<BuilderTools> {
  const estimator = estimatorPath === null ? autopackEstimator : await readEstimator(estimatorPath);
  const price = await readPrice(host, model.model, pricesPath);
  return {
    model,
    files: new DeliverableFiles(workspaceFolder),
    verifier: new DeliverableVerifier({ workspaceFolder, mayRunTests: runTests }),
    estimator,
    priceOf: (usage) => (price === null ? null : callCost(usage, price)),
  };
}

/** The price of a model at a host; `null` where none is known. Throws `not-found` and `invalid-argument` for the user's list. */
async function readPrice(host: string, model: string, pricesPath: string | null): Promise<ModelPrice | null> {
  const own = pricesPath === null ? [] : [parsePriceList(await readText(pricesPath), pricesPath)];
  return priceOfModel([...own, shippedPrices], host, model);
}

/** In bytes: a price list of thousands of models. */
const longest = 1 << 20;

async function readText(path: string): Promise<string> {
  return readSmallFile(path, longest, { followLinks: true }).catch((error: unknown) => {
    throw fileError(error, path);
  });
}

/** Of the instructions and the frame of a prompt, in characters; what a phase says itself comes on top. */
const promptCharacters = 3200;

async function quote(
  host: string,
  model: string,
  { estimatorPath, pricesPath, continueCut, maxOutputTokens }: BuilderOptions,
  phases: readonly Phase[],
  attempts: number,
): Promise<CostQuote> {
  const price = await readPrice(host, model, pricesPath);
  if (price === null) return { model, price: null };
  const estimator = estimatorPath === null ? autopackEstimator : await readEstimator(estimatorPath);
  const callsOfAttempt = continueCut ? 2 * (1 + mostContinuations) : 2;
  const builds = phases.map(({ category, complexity, description, scope }) => {
    const kind = { category: category ?? 'implementation', complexity: complexity ?? 'medium' };
    const predicted = predictTokens(estimator, kind, allNew(deliverableMix(scope.deliverables)));
    const limit = Math.min(selectBudget(estimator, kind.complexity, predicted), maxOutputTokens ?? Infinity);
    const input = Math.ceil((promptCharacters + (description ?? '').length) / unitsPerToken);
    return { input, predicted, limit, mostCalls: callsOfAttempt * attempts };
  });
  return { model, price: { date: price.date, ...planCost(builds, price) } };
}
