import { gather, indicesByTime } from '../samples/columns.ts';
import { exceedanceChance } from '../statistics/alwaysValid.ts';
import { conformalRank } from '../statistics/conformalBound.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { SafeBudget, ForwardFigures, ForwardPart } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { calibrationStep, movableGroups, type CalibrationStep, type StepRule } from './calibrationStep.ts';
import type { PhaseFactor } from './poolGroups.ts';
import { mostFactor, neededFactor, safeBudget } from './safeBudget.ts';

/** What would be proposed by some phases, before any gate. */
export interface DraftProposal {
  readonly rule: StepRule;
  readonly step: CalibrationStep;
  readonly heldOut: HeldOutEstimates;
  readonly budget: SafeBudget;
}

/** A lift changes what the bound is over, so it is looked for again; this often is enough, or there is none. */
const mostLifts = 6;
const liftMargin = 0.002;
/** A bound that is missed by so little is met: it is uncertain by more itself. */
const nearEnough = 0.01;

/**
 * Makes a proposal from the phases that are included. Whether there is a bound is known before anything is fitted, for it
 * depends on the number of phases alone, and of those with a cut-off call. Where the bound asks for a larger safety factor
 * than one step allows, the estimates make up for a rest that is small; otherwise the step goes part of the way, and lowers
 * no prediction.
 */
export function draftProposal(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
  isIncluded: (phase: number) => boolean = () => true,
): DraftProposal {
  const { phases, estimator, clean } = evidence;
  let [count, cutOff] = [0, 0];
  for (let phase = 0; phase < phases.count; phase += 1) {
    if (!isIncluded(phase)) continue;
    count += 1;
    cutOff += phases.cutOff[phase] ?? 0;
  }
  const isBounded = conformalRank(count, calibrationRules.alpha, cutOff).rank !== null;
  const movable = movableGroups(evidence, isIncluded);
  const most = mostFactor(estimator.safetyFactor);
  const judge = (rule: StepRule): HeldOutEstimates => leaveOnePhaseOut(evidence, factors, rule, isIncluded);
  const neededBy = ({ scores }: HeldOutEstimates): number => neededFactor(present(scores)) ?? 0;
  let rule: StepRule = isBounded
    ? { movable, kind: 'bounded', least: 1 - calibrationRules.mostChange, lift: 1 }
    : { movable, kind: 'unbounded', least: 1, lift: 1 };
  let heldOut = judge(rule);
  const wanted = neededBy(heldOut) / most;
  for (let lifts = 0; lifts < mostLifts && neededBy(heldOut) > most; lifts += 1) {
    rule = { ...rule, lift: (rule.lift * neededBy(heldOut)) / most + liftMargin };
    if (rule.lift > calibrationRules.mostLift) break;
    heldOut = judge(rule);
  }
  if (neededBy(heldOut) > most * (1 + nearEnough)) {
    // Half of the lift that is wanted, by its logarithm: none would leave single kinds far behind, all of it overshoots.
    const lift = Math.sqrt(Math.min(calibrationRules.mostLift, Math.max(1, wanted)));
    rule = { movable, kind: 'partial', least: estimator.safetyFactor / most, lift };
    heldOut = judge(rule);
  }
  const inUse = worstByPhase(evidence, (rows, row) => rows.estimate[row] ?? NaN, isIncluded);
  // Kinds that are not judged take part in the safety factor: for their sake it does not fall.
  const judged = [...clean.group, ...evidence.truncated.group].every((group) => rule.movable.has(group));
  return {
    rule,
    step: calibrationStep(evidence, rule)(factors.filter(({ phase }) => isIncluded(phase))),
    heldOut,
    budget: safeBudget({
      proposed: present(heldOut.scores),
      inUse: present(inUse),
      safetyFactor: estimator.safetyFactor,
      mayLower: rule.kind === 'bounded' && judged,
    }),
  };
}

/** The scores of included phases. */
function present(scores: Float64Array): Float64Array {
  return scores.filter((score) => !Number.isNaN(score));
}

/** More folds than this tell no more; with more phases, some are left out together. */
const mostFolds = 100;

/** Samples as judged by evidence that their phase is not part of. */
interface HeldOutEstimates {
  /** By row of the clean samples: the new estimate before the safety factor, in output tokens; NaN where not asked for. */
  readonly estimates: Float64Array;
  /** By phase: the largest actual / estimate among its samples, infinite where a call was cut off; NaN where not asked for. */
  readonly scores: Float64Array;
}

/**
 * Repeats the calibration once for each phase, without it, and estimates its samples by the outcome. `isIncluded` tells
 * which phases there are for it. The folds of many phases are even over the kinds, and the same in whatever order the
 * rows come.
 */
export function leaveOnePhaseOut(
  evidence: CalibrationEvidence,
  factors: readonly PhaseFactor[],
  rule: StepRule,
  isIncluded: (phase: number) => boolean = () => true,
): HeldOutEstimates {
  const { clean, phases } = evidence;
  const folds = Math.min(phases.count, mostFolds);
  const rowsByFold = Array.from({ length: folds }, (): number[] => []);
  const foldOf = (phase: number): number => (phases.rank[phase] ?? 0) % folds;
  for (const [row, phase] of clean.phase.entries())
    if (isIncluded(phase)) rowsByFold[foldOf(phase)]?.push(row);
  const known = factors.filter(({ phase }) => isIncluded(phase));
  const stepOf = calibrationStep(evidence, rule);
  const estimates = new Float64Array(clean.at.length).fill(NaN);
  for (const [fold, rows] of rowsByFold.entries()) {
    if (rows.length === 0) continue;
    const step = stepOf(known.filter(({ phase }) => foldOf(phase) !== fold));
    for (const row of rows) estimates[row] = step.estimate(clean, row);
  }
  const scores = worstByPhase(evidence, (_, row) => estimates[row] ?? NaN, isIncluded);
  return { estimates, scores };
}

/** By phase: the largest actual / estimate among its clean samples, infinite where a call was cut off; NaN if not included. */
function worstByPhase(
  { clean, phases }: CalibrationEvidence,
  estimate: CalibrationStep['estimate'],
  isIncluded: (phase: number) => boolean = () => true,
): Float64Array {
  const worst = Float64Array.from(phases.cutOff, (cut, phase) =>
    isIncluded(phase) ? (cut === 1 ? Infinity : 0) : NaN,
  );
  for (const [row, phase] of clean.phase.entries()) {
    if (isIncluded(phase))
      worst[phase] = Math.max(worst[phase] ?? 0, (clean.actual[row] ?? NaN) / estimate(clean, row));
  }
  return worst;
}

/** Which earlier part proposes, and up to where the phases after it are judged; shares of all phases in time. */
const parts = [
  [1 / 2, 3 / 4],
  [3 / 4, 1],
] as const;

/**
 * How later phases would have been served by what earlier ones would have proposed: the test that leaving phases out cannot
 * make, since it looks at both sides of each phase. `null` where too few phases have a known time for a bound from the first
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

/** Phases with a known time, earliest first; those of one moment by their rank. */
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
