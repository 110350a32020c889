import type { Candidate } from './candidate.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import { runSkip } from './skipRules.ts';

/** What a drain comes to at most, whatever its executions come to. */
export interface DrainBounds {
  /** How many executions. */
  readonly executions: number;
  /** How long executions take, in minutes. A limit on the time is overrun by at most one phase. */
  readonly minutes: number;
  /**
   * Tokens, from the caps of the phases and the budget, which is overrun by at most one phase; `null` where phases that
   * may be taken have no cap, so that nothing bounds them.
   */
  readonly tokens: number | null;
}

/** The bounds of a drain from its limits, the attempts that are left, and the caps of the phases. */
export function boundsOf(
  candidates: readonly Candidate[],
  options: DrainOptions,
  ledger: DrainLedger,
  elapsedMs: number,
): DrainBounds {
  const skipped = new Map<string, boolean>();
  const isSkipped = (runId: string): boolean => {
    const known = skipped.get(runId) ?? runSkip(runId, ledger, options) !== null;
    skipped.set(runId, known);
    return known;
  };
  const left = Math.max(0, options.batchSize - ledger.taken);
  const caps: (number | null)[] = [];
  for (const candidate of candidates) {
    if (isSkipped(candidate.runId)) continue;
    const attempts = Math.max(0, options.maxAttemptsPerPhase - ledger.attemptsOf(candidate));
    // More than `left` of one phase cannot count, and a limit may be absurdly large.
    for (let count = Math.min(attempts, left); count > 0; count -= 1) caps.push(candidate.tokenCap);
  }
  const executions = Math.min(left, caps.length);
  const perPhase = options.phaseTimeoutSeconds / 60;
  const rest = options.maxTotalMinutes === null ? Infinity : options.maxTotalMinutes - elapsedMs / 60_000;
  const minutes = executions === 0 || rest <= 0 ? 0 : Math.min(executions * perPhase, rest + perPhase);
  return { executions, minutes, tokens: tokensAtMost(caps, executions, options, ledger) };
}

function tokensAtMost(
  caps: readonly (number | null)[],
  executions: number,
  { maxTokens }: DrainOptions,
  ledger: DrainLedger,
): number | null {
  if (executions === 0) return 0;
  if (caps.includes(null)) return null;
  const largest = caps.map((cap) => cap ?? 0).sort((a, b) => b - a);
  const all = largest.slice(0, executions).reduce((sum, cap) => sum + cap, 0);
  if (maxTokens === null) return all;
  const budget = maxTokens - ledger.tokens;
  return budget <= 0 ? 0 : Math.min(all, budget + (largest[0] ?? 0));
}
