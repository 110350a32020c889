import { gather } from '../gather.ts';
import { indicesByTime } from '../indicesByTime.ts';
import { exceedanceChance } from '../statistics/alwaysValid.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { ForwardFigures, ForwardPart } from './calibrationProposal.ts';
import { draftProposal } from './draftProposal.ts';
import { worstByPhase } from './leaveOnePhaseOut.ts';
import type { PhaseFactor } from './poolGroups.ts';

/** Which earlier part proposes, and up to where the phases after it are judged; shares of all phases in time. */
const parts = [
  [1 / 2, 3 / 4],
  [3 / 4, 1],
] as const;

/**
 * How later phases would have been served by what earlier ones would have proposed: the test that leaving phases out cannot
 * make, since it looks at both sides of each phase. `null` where too few phases tell their time for a bound from the first
 * half of them.
 */
export function forwardValidation(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
): ForwardFigures | null {
  const { phases } = evidence;
  const ordered = inTime(phases.time, phases.rank);
  const found = parts.flatMap(([until, end]) => {
    const train = ordered.slice(0, Math.floor(until * ordered.length));
    const judged = ordered.slice(train.length, Math.floor(end * ordered.length));
    return judgePart(evidence, factors, train, judged) ?? [];
  });
  if (found.length < parts.length) return null;
  // Bonferroni's correction: parts overlap in what they learn from.
  const pValue = Math.min(1, found.length * Math.min(...found.map(({ chance }) => chance)));
  return { parts: found, pValue };
}

/** Phases that tell their time, earliest first; those of one moment by their rank. */
function inTime(time: Float64Array, rank: Uint32Array): Uint32Array {
  const byRank = new Uint32Array(rank.length);
  for (const [phase, place] of rank.entries()) byRank[place] = phase;
  const sorted = indicesByTime(gather(time, byRank));
  return Uint32Array.from(sorted, (place) => byRank[place] ?? 0);
}

function judgePart(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
  train: Uint32Array,
  judged: Uint32Array,
): ForwardPart | null {
  const [earlier, later] = [new Set(train), new Set(judged)];
  if (judged.length === 0) return null;
  const { budget, step } = draftProposal(evidence, factors, (phase) => earlier.has(phase));
  const { factor, needed, rank } = budget;
  if (factor === null || needed === null || rank === null || factor < needed) return null;
  const scores = worstByPhase(evidence, step.estimate, (phase) => later.has(phase));
  const exceeding = scores.reduce((count, score) => count + Number(score > factor), 0);
  const chance = exceedanceChance(exceeding, judged.length, rank, train.length);
  return { earlier: train.length, later: judged.length, exceeding, chance };
}
