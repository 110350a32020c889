import { causeInReason } from '../drain/failureCause.ts';
import { errorFingerprint } from '../drain/fingerprint.ts';
import type { FailedPhase, FailureCluster, FailureReport } from './failureCluster.ts';
import { MaskMemo } from './maskMemo.ts';

/** A sample is to be read, not to be kept whole: reasons may hold whole logs. */
const longestSample = 1000;

/** Groups failed phases by the fingerprint of their reason, across runs. */
export function clusterFailures(phases: Iterable<FailedPhase>): FailureReport {
  const memo = new MaskMemo();
  const members = new Map<string, FailedPhase[]>();
  const runs = new Set<string>();
  let failedPhases = 0;
  for (const phase of phases) {
    failedPhases++;
    runs.add(phase.runId);
    const maskedText = memo.mask(tellingPart(phase.reason ?? ''), [phase.runId, phase.phaseId]);
    const cluster = members.get(maskedText);
    if (cluster === undefined) members.set(maskedText, [phase]);
    else cluster.push(phase);
  }
  const clusters = [...members].map(([maskedText, own]) => clusterOf(maskedText, own));
  return { failedPhases, failedRuns: runs.size, clusters: clusters.sort(largestFirst) };
}

/** Of a traceback or a log its telling line: all tracebacks begin alike. */
function tellingPart(reason: string): string {
  return /[\n\r]/.test(reason.trim()) ? (causeInReason(reason)?.text ?? reason) : reason;
}

function clusterOf(maskedText: string, members: readonly FailedPhase[]): FailureCluster {
  const phases = [...members].sort(latestFirst);
  const [latest] = phases;
  const reason = latest?.reason ?? null;
  const sample = reason === null || reason.trim() === '' ? null : reason.trim().slice(0, longestSample);
  return {
    fingerprint: errorFingerprint(maskedText),
    maskedText,
    sample,
    failureClass: latest?.failureClass ?? 'none',
    count: phases.length,
    runs: new Set(phases.map(({ runId }) => runId)).size,
    lastSeen: latest?.failedAt ?? null,
    phases: phases.map(({ runId, phaseId }) => ({ runId, phaseId })),
  };
}

function latestFirst(a: FailedPhase, b: FailedPhase): number {
  return compareTimes(b.failedAt, a.failedAt);
}

function largestFirst(a: FailureCluster, b: FailureCluster): number {
  return b.count - a.count || compareTimes(b.lastSeen, a.lastSeen) || (a.maskedText < b.maskedText ? -1 : 1);
}

/** What has no time is earliest. */
function compareTimes(a: number | null, b: number | null): number {
  if (a === b) return 0;
  return (a ?? -Infinity) - (b ?? -Infinity);
}
