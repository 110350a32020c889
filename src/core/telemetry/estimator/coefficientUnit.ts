/** The unit of a coefficient at its place in the estimator's file: factors are multiples, all others output tokens. */
export function coefficientUnit(path: readonly string[]): 'x' | 'tokens' {
  const name = path.join('.');
  return name === 'safetyFactor' || name === 'budget.buffer' ? 'x' : 'tokens';
}
