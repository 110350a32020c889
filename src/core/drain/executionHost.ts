import type { ExecutionHost } from '../model/executionHost.ts';
import { totalCost } from '../model/modelCall.ts';
import type { PhaseKey } from '../model/phase.ts';
import type { DrainLedger } from './drainLedger.ts';
import type { DrainOptions } from './drainOptions.ts';
import type { DrainPorts } from './drainPorts.ts';
import type { DrainListener } from './drainProgress.ts';
import { retryingLedger } from './retryingLedger.ts';

/**
 * What an executor may ask of the drain while it works on a phase, and what is left of the drain's budgets. The signal ends
 * the execution.
 */
export function executionHost(
  key: PhaseKey,
  { store, clock, person = null }: Pick<DrainPorts, 'store' | 'clock' | 'person'>,
  { maxTokens, maxCost }: Pick<DrainOptions, 'maxTokens' | 'maxCost'>,
  { tokens, spend }: Pick<DrainLedger, 'tokens' | 'spend'>,
  notify: DrainListener,
  signal: AbortSignal,
): ExecutionHost {
  return {
    ledger: retryingLedger(store, clock, signal),
    report: (activity) => notify({ kind: 'phase-progress', key, activity }),
    person,
    budget: {
      tokens: maxTokens === null ? null : Math.max(0, maxTokens - tokens),
      cost: maxCost === null ? null : Math.max(0, maxCost - totalCost(spend.cost)),
    },
  };
}
