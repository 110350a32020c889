import { type DeliverableMix, deliverableKinds } from './deliverableKind.ts';
import type { Estimator } from './estimator.ts';

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
