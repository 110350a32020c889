import { type DeliverableKind, type DeliverableMix, deliverableKinds } from './deliverableKind.ts';
import { predictTokens, type Deliverables, type PhaseKind, type Estimator } from './estimator.ts';

const nothing: DeliverableMix = { backend: 0, frontend: 0, test: 0, doc: 0, config: 0 };
/** Beyond this many ways to split, there is more than one that fits anyway. */
const mostWays = 4096;

/** All of a mix as new files. */
export function allNew(mix: DeliverableMix): Deliverables {
  return { created: mix, modified: nothing };
}

/**
 * By recorded prediction: which files of a mix were new and which modified. A sample does not say so, but its prediction
 * does where exactly one split gives it under these coefficients; `null` stands where several do. A prediction that is
 * not there was made by other coefficients.
 */
export function splitsByPrediction(
  estimator: Estimator,
  kind: PhaseKind,
  mix: DeliverableMix,
): ReadonlyMap<number, Deliverables | null> {
  const ways = deliverableKinds.reduce((product, name) => product * (mix[name] + 1), 1);
  const found = new Map<number, Deliverables | null>();
  if (ways > mostWays) return found;
  for (const split of splits(mix, deliverableKinds)) {
    const predicted = predictTokens(estimator, kind, split);
    found.set(predicted, found.has(predicted) ? null : split);
  }
  return found;
}

function splits(mix: DeliverableMix, kinds: readonly DeliverableKind[]): readonly Deliverables[] {
  const [kind, ...others] = kinds;
  if (kind === undefined) return [{ created: nothing, modified: nothing }];
  return splits(mix, others).flatMap((split) =>
    Array.from({ length: mix[kind] + 1 }, (_, modified) => ({
      created: { ...split.created, [kind]: mix[kind] - modified },
      modified: { ...split.modified, [kind]: modified },
    })),
  );
}
