import type { DrainResult } from './drainResult.ts';
import { addSpend, totalCost, type ModelSpend } from '../model/modelCall.ts';
import { t } from '../text/l10n.ts';
import { counted, formatCount, formatDollars } from '../text/quantities.ts';

/** What executions used of models together; `null` where no executor called one itself. */
export function spendOfResults(results: readonly Pick<DrainResult, 'spend'>[]): ModelSpend | null {
  return results.reduce<ModelSpend | null>(
    (sum, { spend }) => (spend === undefined ? sum : sum === null ? spend : addSpend(sum, spend)),
    null,
  );
}

/** `~$0.0123`, for a row; `null` where nothing is known to cost anything. `more` is what comes on top, in US dollars. */
export function costLabel(spend: ModelSpend | null, more = 0): string | null {
  const cost = (spend === null ? 0 : totalCost(spend.cost)) + more;
  return cost === 0 ? null : `~${formatDollars(cost)}`;
}

/** What was used, by what is paid for, as facts of a tooltip or a report; what there is none of is left out. */
export function spendFacts(spend: ModelSpend | null): [name: string, value: string | null][] {
  if (spend === null || spend.calls === 0) return [];
  const { calls, uncachedInput, cachedInput, cacheWrite, output, reasoning, cost } = spend;
  const part = (tokens: number, dollars: number): string | null =>
    tokens === 0
      ? null
      : dollars === 0
        ? counted(tokens, 'token')
        : t`${counted(tokens, 'token')}, about ${formatDollars(dollars)}`;
  return [
    [t`Model calls`, formatCount(calls)],
    [t`Input`, part(uncachedInput, cost.input)],
    [t`Cached input`, part(cachedInput, cost.cached)],
    [t`Written to the cache`, part(cacheWrite, cost.cacheWrite)],
    // Reasoning is a part of it, and stands below.
    [t`Output`, part(output - reasoning, cost.output)],
    [t`Reasoning`, part(reasoning, cost.reasoning)],
    [t`Cost`, costText(spend)],
  ];
}

function costText(spend: ModelSpend): string {
  const { calls, unpricedCalls, countedCalls, cost } = spend;
  const known = totalCost(cost);
  const isUnknown = unpricedCalls === calls;
  return [
    isUnknown ? t`not known: no price for the model` : t`about ${formatDollars(known)}`,
    ...(unpricedCalls > 0 && !isUnknown
      ? [t`without ${counted(unpricedCalls, 'call')} of no known price`]
      : []),
    ...(countedCalls > 0 ? [t`tokens of ${counted(countedCalls, 'call')} counted here, not reported`] : []),
  ].join('; ');
}
