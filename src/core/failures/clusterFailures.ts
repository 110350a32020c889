import type { FailureClass } from '../model/failureClass.ts';
import type { PhaseKey } from '../model/phase.ts';
import { causeInReason } from './failureCause.ts';
import { errorFingerprint, maskPrepared, withoutIds } from './fingerprint.ts';

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
    const maskedText = memo.mask(distinctivePart(phase.reason ?? ''), [phase.runId, phase.phaseId]);
    const cluster = members.get(maskedText);
    if (cluster === undefined) members.set(maskedText, [phase]);
    else cluster.push(phase);
  }
  const clusters = [...members].map(([maskedText, own]) => clusterOf(maskedText, own));
  return { failedPhases, failedRuns: runs.size, clusters: clusters.sort(largestFirst) };
}

/** Of a traceback or a log its telling line: all tracebacks begin alike. */
function distinctivePart(reason: string): string {
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
    source: sample === null ? null : (latest?.source ?? null),
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

/**
 * Where a reason stands: in the row of the phase or of its run, in an event that Autopack recorded of the phase's outcome, or
 * outside of the database, in a drain session or an error report of Autopack.
 */
export type ReasonSource = 'phase' | 'outcome-event' | 'run' | 'drain-session' | 'error-report';

/** Why a phase failed, as it was found outside of the database. */
export interface FoundReason extends PhaseKey {
  readonly reason: string;
  readonly source: Extract<ReasonSource, 'drain-session' | 'error-report'>;
}

/** Finds out outside of a database (an absolute path) why phases failed. */
export type LookForReasons = (
  keys: readonly PhaseKey[],
  databasePath: string,
) => Promise<readonly FoundReason[]>;

/** A phase in state FAILED, and what is known of why. */
export interface FailedPhase extends PhaseKey {
  /** As stored; `null` where neither the phase nor its run says. */
  readonly reason: string | null;
  /** Where the reason was found; `null` where there is none. */
  readonly source: ReasonSource | null;
  /** By the phase's own reason, as a drain sorts it; what its run says is about more than the phase. */
  readonly failureClass: FailureClass;
  /** When it failed, as far as the database says; ms since the epoch. */
  readonly failedAt: number | null;
}

/** Phases of any runs that failed in the same way: their reasons have one fingerprint. */
export interface FailureCluster {
  /** `<version of the masks>:<masked text>`; equal fingerprints mean the same failure. */
  readonly fingerprint: string;
  /** What its phases have in common: the reason without what differs; empty where no reason was recorded. */
  readonly maskedText: string;
  /** The latest reason as stored, at most 1,000 characters; `null` where none was recorded. */
  readonly sample: string | null;
  /** Where that was found; `null` where none was recorded. */
  readonly source: ReasonSource | null;
  /** Of the latest. */
  readonly failureClass: FailureClass;
  /** How many phases. */
  readonly count: number;
  /** How many runs they are of. */
  readonly runs: number;
  /** ms since the epoch; `null` where no phase says. */
  readonly lastSeen: number | null;
  /** All of them, the latest failure first. */
  readonly phases: readonly PhaseKey[];
}

/** The failures of a database. */
export interface FailureReport {
  /** How many phases are FAILED. */
  readonly failedPhases: number;
  /** How many runs have one. */
  readonly failedRuns: number;
  /** The largest first; of equal size, the latest first. */
  readonly clusters: readonly FailureCluster[];
}

/** Enough for what really differs; a database in which every reason does is masked as it comes. */
const mostEntries = 10_000;

/**
 * `maskError` that remembers: the failures of a database are mostly the same few texts with other digits,
 * and digits change nothing of what masks make of a text.
 */
class MaskMemo {
  readonly #masked = new Map<string, string>();

  mask(text: string, ids: readonly string[]): string {
    const key = withoutIds(text, ids).replace(/\d/g, '0');
    const known = this.#masked.get(key);
    if (known !== undefined) return known;
    const masked = maskPrepared(key);
    if (this.#masked.size < mostEntries) this.#masked.set(key, masked);
    return masked;
  }
}
