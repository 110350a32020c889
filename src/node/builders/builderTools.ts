import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { mostContinuations } from '../../core/builders/modelConversation.ts';
import type { ModelPort } from '../../core/builders/modelPort.ts';
import { unitsPerToken } from '../../core/builders/modelUsage.ts';
import type { CostQuote } from '../../core/model/execution.ts';
import type { Phase } from '../../core/model/phase.ts';
import { callCost, planCost, priceOfModel, type ModelPrice } from '../../core/model/prices.ts';
import { deliverableMix } from '../../core/telemetry/estimator/deliverableKind.ts';
import { autopackEstimator, predictTokens, selectBudget } from '../../core/telemetry/estimator/estimator.ts';
import { allNew } from '../../core/telemetry/estimator/splitDeliverables.ts';
import { readPriceLists } from '../system/priceLists.ts';
import { readEstimator } from '../telemetry/calibrationFiles.ts';
import type { BuilderTools } from './builderExecutor.ts';
import type { BuilderOptions } from './builderOptions.ts';
import { DeliverableFiles } from './deliverableFiles.ts';
import { createEndpointModel } from './endpointModel.ts';
import { DeliverableVerifier } from './verifyDeliverables.ts';

/** What phases are built with by a model behind an endpoint; prices are those of its host. */
export function endpointTools(
  settings: EndpointSettings,
  options: BuilderOptions,
  workspaceFolder: string,
): Promise<BuilderTools> {
  return builderTools(
    createEndpointModel(settings),
    new URL(settings.baseUrl).host,
    options,
    workspaceFolder,
  );
}

/** What phases are built with by a model. */
export async function builderTools(
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
  return priceOfModel(await readPriceLists(pricesPath), host, model);
}

/** Of the instructions and the frame of a prompt, in characters; what a phase says itself comes on top. */
const promptCharacters = 3200;

/** The expected and highest cost of phases, with at most that many attempts each. */
export async function quote(
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
