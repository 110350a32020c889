import * as z from 'zod';
import { deliverableKinds, type DeliverableMix } from './deliverableKind.ts';

const tokens = z.number().nonnegative();
const byComplexity = z.record(z.string(), tokens);

/**
 * The coefficients of Autopack's token estimator, as a file the user can replace. Tokens are output tokens.
 * predicted = floor(safetyFactor x (overhead[category][complexity] + marginal tokens of each deliverable));
 * budget = max(budget.base[complexity], predicted x budget.buffer), at most budget.atMost.
 * Keys it does not know are kept as they are.
 */
export const estimatorSchema = z.looseObject({
  safetyFactor: z.number().positive(),
  budget: z.looseObject({ buffer: z.number().positive(), atMost: z.number().positive(), base: byComplexity }),
  marginalTokens: z.record(z.enum(deliverableKinds), z.strictObject({ new: tokens, modified: tokens })),
  /** For categories or complexities that `overhead` does not name. */
  otherOverhead: tokens,
  overhead: z.record(z.string(), byComplexity),
  /** Other names of categories, each with the name that `overhead` has. */
  aliases: z.record(z.string(), z.string()),
});

/** See {@link estimatorSchema}. */
export type Estimator = Readonly<z.infer<typeof estimatorSchema>>;

/** The kind of a phase, by its category and complexity under any of their names. */
export interface PhaseKind {
  readonly category: string;
  readonly complexity: string;
}

/** Deliverables as the estimator takes them: how many files of each kind are new, and how many are modified. */
export interface Deliverables {
  readonly created: DeliverableMix;
  readonly modified: DeliverableMix;
}

/** The name that `overhead` has for a category. */
export function estimatorCategory({ aliases }: Estimator, category: string): string {
  return aliases[category] ?? category;
}

/** Tokens of a phase before its first deliverable. */
export function overheadTokens(estimator: Estimator, { category, complexity }: PhaseKind): number {
  return estimator.overhead[estimatorCategory(estimator, category)]?.[complexity] ?? estimator.otherOverhead;
}

/** Overhead and marginal tokens, before the safety factor: the estimate that a calibration makes unbiased. */
export function rawEstimate(
  estimator: Estimator,
  kind: PhaseKind,
  { created, modified }: Deliverables,
): number {
  return deliverableKinds.reduce(
    (sum, name) => {
      const marginal = estimator.marginalTokens[name];
      return sum + created[name] * marginal.new + modified[name] * marginal.modified;
    },
    overheadTokens(estimator, kind),
  );
}

/** The predicted output tokens of a phase: floor(safetyFactor x {@link rawEstimate}). */
export function predictTokens(estimator: Estimator, kind: PhaseKind, deliverables: Deliverables): number {
  return Math.floor(estimator.safetyFactor * rawEstimate(estimator, kind, deliverables));
}

/** The budget chosen from a prediction: max(base(complexity), predicted x buffer), at most `budget.atMost`. */
export function selectBudget({ budget }: Estimator, complexity: string, predicted: number): number {
  const wanted = Math.max(budget.base[complexity] ?? 0, Math.floor(predicted * budget.buffer));
  return Math.min(wanted, budget.atMost);
}

const service = { low: 2000, medium: 3000, high: 5000 };

/** The coefficients Autopack works with for a built-in builder, where the user names no other. */
export const autopackEstimator: Estimator = {
  about: "Autopack's output token estimator for a built-in builder. Tokens are output tokens.",
  safetyFactor: 1.3,
  budget: { buffer: 1.2, atMost: 64_000, base: { low: 8192, medium: 12_288, high: 16_384 } },
  leastMaxTokens: 16_384,
  marginalTokens: {
    backend: { new: 2000, modified: 700 },
    frontend: { new: 2800, modified: 1100 },
    test: { new: 1400, modified: 600 },
    doc: { new: 500, modified: 400 },
    config: { new: 1000, modified: 500 },
  },
  otherOverhead: 2000,
  overhead: {
    implementation: { low: 634, medium: 1176, high: 5000 },
    refactoring: { low: 2500, medium: 3500, high: 5500 },
    configuration: { low: 800, medium: 1500, high: 2500 },
    integration: { low: 3000, medium: 4000, high: 6000 },
    testing: { low: 915, medium: 2500, high: 4000 },
    docs: { low: 1500, medium: 2500, high: 3500 },
    backend: service,
    database: service,
    deployment: service,
    frontend: { low: 2500, medium: 3500, high: 5500 },
  },
  aliases: { tests: 'testing', doc: 'docs', doc_write: 'docs', documentation: 'docs' },
};

/** A coefficient by its place in the estimator's file, and what it is to become. */
export interface CoefficientValue {
  /** `overhead.docs.low`, `marginalTokens.test.new`, `safetyFactor`. */
  readonly path: readonly string[];
  readonly after: number;
}

/** A copy of the estimator with some coefficients changed; all else stays as it is. */
export function changeCoefficients(estimator: Estimator, changes: readonly CoefficientValue[]): Estimator {
  return changes.reduce(
    (changed, { path, after }) => replaceAt(changed, path, after) as Estimator,
    estimator,
  );
}

function replaceAt(node: unknown, [key, ...rest]: readonly string[], value: number): unknown {
  if (key === undefined) return value;
  const children =
    typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>) : {};
  return { ...children, [key]: replaceAt(children[key], rest, value) };
}

/** The coefficient at `path`, or `undefined` where there is no number. */
export function coefficientAt(estimator: Estimator, path: readonly string[]): number | undefined {
  let node: unknown = estimator;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[key];
  }
  return typeof node === 'number' ? node : undefined;
}

/** The unit of a coefficient at its place in the estimator's file: factors are multiples, all others output tokens. */
export function coefficientUnit(path: readonly string[]): 'x' | 'tokens' {
  const name = path.join('.');
  return name === 'safetyFactor' || name === 'budget.buffer' ? 'x' : 'tokens';
}
