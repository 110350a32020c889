// @ts-check
import { readFileSync } from 'node:fs';

/** @typedef {Readonly<Record<string, Readonly<Record<string, number>>>>} TokenTable */

/**
 * @type {{
 *   safetyFactor: number,
 *   budget: { buffer: number, atMost: number, base: Readonly<Record<string, number>> },
 *   leastMaxTokens: number,
 *   marginalTokens: TokenTable,
 *   otherOverhead: number,
 *   overhead: TokenTable,
 *   aliases: Readonly<Record<string, string>>,
 * }}
 */
const coefficients = JSON.parse(readFileSync(new URL('estimator.json', import.meta.url), 'utf8'));

/** What kind of file a path is, tried in this order; what is none of these is `backend`. */
const kinds = /** @type {const} */ ([
  ['test', /(^|\/)(tests?\/|test_[^/]*$|conftest\.py$)|[_.](test|spec)\.\w+$/],
  ['doc', /\.(md|rst|txt)$/],
  ['config', /\.(json|ya?ml|toml|ini|cfg)$/],
  ['frontend', /\.([jt]sx|vue|html|s?css)$/],
]);

/**
 * Predicts the output tokens of one phase and chooses the budget for its model call.
 * @param {string} category
 * @param {'low' | 'medium' | 'high'} complexity
 * @param {readonly { path: string, exists: boolean }[]} deliverables
 * @returns {{ predicted: number, selectedBudget: number, maxTokens: number }} in output tokens
 */
export function estimateTokens(category, complexity, deliverables) {
  const { safetyFactor, budget, leastMaxTokens, overhead, otherOverhead, aliases } = coefficients;
  const fixed = overhead[aliases[category] ?? category]?.[complexity] ?? otherOverhead;
  const marginal = deliverables.reduce((sum, { path, exists }) => sum + marginalTokens(path, exists), 0);
  const predicted = Math.floor(safetyFactor * (fixed + marginal));
  const wanted = Math.max(budget.base[complexity] ?? 0, Math.floor(predicted * budget.buffer));
  const selectedBudget = Math.min(wanted, budget.atMost);
  return { predicted, selectedBudget, maxTokens: Math.max(selectedBudget, leastMaxTokens) };
}

/**
 * @param {string} path
 * @param {boolean} exists
 */
function marginalTokens(path, exists) {
  const kind = kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? 'backend';
  return coefficients.marginalTokens[kind]?.[exists ? 'modified' : 'new'] ?? 0;
}
