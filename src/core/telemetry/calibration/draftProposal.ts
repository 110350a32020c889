import { conformalRank } from '../statistics/conformalBound.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import type { SafeBudget } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { type CalibrationStep, calibrationStep, movableGroups, type StepRule } from './calibrationStep.ts';
import { type HeldOutEstimates, leaveOnePhaseOut, worstByPhase } from './leaveOnePhaseOut.ts';
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
    step: calibrationStep(
      evidence,
      factors.filter(({ phase }) => isIncluded(phase)),
      rule,
    ),
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
