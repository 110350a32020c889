import { t } from '../../text/l10n.ts';
import type { RatioDistribution } from '../evidence/describeRatios.ts';
import { counted, formatPercent, formatRatio, formatDecimal } from '../../text/quantities.ts';
import { rateEvidence, sequenceReach, trialsMissing } from '../statistics/alwaysValid.ts';
import { BinomialDistribution } from '../statistics/binomialDistribution.ts';
import { infiniteConfidence, infiniteShare } from '../statistics/conformalBound.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { gate } from './calibrationGates.ts';
import { kindName, nearEnough } from './calibrationGroups.ts';
import type {
  BeforeAfter,
  CalibrationGate,
  CalibrationGroup,
  CoefficientChange,
  ForwardFigures,
  SafeBudget,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import type { StepRule } from './calibrationStep.ts';
import { mostFactor } from './safeBudget.ts';

const { alpha, falseAlarm, needlessChange, worstKind, wasteGrowth } = calibrationRules;
const limitPct = 100 * alpha;
/** A median that truncated samples move by no more than this is left alone. */
const medianTolerance = 1.1;

/** Where a rate may be more than so many times its limit, too little is known to say that nothing needs changing. */
const mostDoubt = 2;

/** What the gates of a proposal look at. */
export interface ProposalFindings {
  readonly evidence: CalibrationEvidence;
  readonly rule: StepRule;
  readonly budget: SafeBudget;
  readonly groups: readonly CalibrationGroup[];
  readonly validation: BeforeAfter | null;
  readonly forward: ForwardFigures | null;
  readonly ratio: RatioDistribution | null;
  readonly coefficients: readonly CoefficientChange[];
}

/** The gates that the proposal itself must pass. */
export function proposalGates(findings: ProposalFindings): readonly CalibrationGate[] {
  return [
    censoringGate(findings),
    needGate(findings),
    stepGate(findings),
    wasteGate(findings),
    underestimationGate(findings),
    forwardGate(findings.forward),
  ];
}

/** Judged over all real calls: one that was cut off counts against any bound, and too many leave none. */
function censoringGate({ evidence, budget, ratio, rule }: ProposalFindings): CalibrationGate {
  const cut = evidence.truncated.at.length;
  const calls = cut + evidence.clean.at.length;
  if (calls === 0) return gate('censoring', 'not-judged', t`No real call to judge by.`);
  const found = t`Cut off at the limit: ${counted(cut, 'call')} of ${calls} (${formatPercent((100 * cut) / calls)}), ${counted(budget.cutOff, 'phase')} of ${budget.phases}.`;
  if (cut === 0) return gate('censoring', true, found);
  const problems: string[] = [];
  const most = infiniteShare(budget.cutOff, budget.phases);
  if (budget.rank === null) {
    problems.push(
      t`Too many for a bound at ${limitPct} %: raise the limit and drain again, or collect ${counted(budget.missing, 'more phase')} without a cut-off call.`,
    );
  } else if (most > alpha) {
    problems.push(
      t`They leave no room for a bound at ${limitPct} %: up to ${formatPercent(100 * most, limitPct)} of phases may have one (${100 * infiniteConfidence} % sure). Raise the limit and drain again, or collect more phases.`,
    );
  } else if (rule.kind === 'partial') {
    problems.push(
      t`With cut-off calls a step without a bound helps nobody: raise the limit and drain again.`,
    );
  }
  const moved = medianMoved(ratio);
  if (moved !== null) problems.push(moved);
  return gate('censoring', problems.length === 0, [found, ...problems].join(' '));
}

function medianMoved(ratio: RatioDistribution | null): string | null {
  const median = ratio?.quantiles.find(({ probability }) => probability === 0.5);
  if (median === undefined) return null;
  const { plain, censored } = median;
  if (censored === null) return t`So many that the median of used / predicted is not known.`;
  if (censored <= plain * medianTolerance) return null;
  return t`Counting them as lower bounds, the median of used / predicted is ${formatRatio(censored)}, not ${formatRatio(plain)}.`;
}

/** Whether a change is certain to be needed, however often one has looked before. */
function needGate({ evidence, groups, validation }: ProposalFindings): CalibrationGate {
  if (validation === null) return gate('need', 'not-judged', t`No clean sample to judge by.`);
  const { count, samples, ratePct } = validation.before.underestimation;
  const inUse = t`${formatPercent(ratePct, limitPct)} of ${counted(samples, 'phase')} are underestimated now`;
  if (rateEvidence(count, samples, alpha) >= 1 / needlessChange)
    return gate(
      'need',
      true,
      t`${inUse}, more than ${limitPct} % for certain, counting every look so far and to come.`,
    );
  const judged = groups.filter(({ validation: own }) => own !== null);
  const off = judged.filter((group) => isCertainlyOff(group, judged.length));
  if (off.length > 0) {
    const names = off.map(kindName).join(', ');
    return gate('need', true, t`Off for certain, counting every look so far and to come: ${names}.`);
  }
  if (ratePct > limitPct) {
    const missing = trialsMissing(count, samples, alpha, needlessChange);
    const detail =
      missing === null
        ? t`${inUse}, more than ${limitPct} %, but not for certain yet.`
        : t`${inUse}, more than ${limitPct} %, but not for certain yet: about ${counted(missing, 'more phase')} needed at this rate.`;
    return gate('need', false, detail);
  }
  const cut = evidence.phases.cutOff.includes(1) ? t`, those with a cut-off call included` : '';
  const { low, high } = validation.before.underestimation.interval;
  const isKnown = high <= mostDoubt * limitPct;
  const verdict = isKnown ? t`Nothing needs changing` : t`No change is known to be needed yet`;
  const range = isKnown ? '' : t` (95 %: ${formatDecimal(low, 1)} to ${formatDecimal(high, 1)})`;
  return gate(
    'need',
    false,
    t`${verdict}: ${inUse}${range}${cut}, at most ${limitPct} % wanted, and no kind is off by more than chance explains.`,
  );
}

/** Whether a kind is off beyond chance, and its predictions would move: the safety factor may make up for an estimate. */
function isCertainlyOff({ estimate, phases, predictionFactor }: CalibrationGroup, kinds: number): boolean {
  if (estimate === null || Math.abs((predictionFactor ?? 1) - 1) < nearEnough) return false;
  const deviation = Math.log(estimate.interval.high / estimate.interval.low) / 2 / 1.96;
  return (
    Math.abs(Math.log(estimate.pooledFactor)) > deviation * sequenceReach(phases, needlessChange / kinds)
  );
}

function stepGate({ budget, evidence, rule }: ProposalFindings): CalibrationGate {
  const { needed, factor, missing } = budget;
  if (needed === null || factor === null)
    return gate(
      'step',
      'not-judged',
      t`No bound: ${counted(missing, 'more phase')} without a cut-off call needed.`,
    );
  const most = mostFactor(evidence.estimator.safetyFactor);
  if (rule.kind === 'bounded')
    return gate('step', true, t`Safety factor ${factor}, at most ${most} in one step.`);
  const text = t`The bound asks for a safety factor of ${needed}, and one step goes to ${most} at most: this one goes part of the way, lowers no prediction and promises no bound. Calibrate again after it.`;
  return gate('step', 'not-judged', text);
}

/** Safety that is bought by budgets several times too large is none that anybody wants. */
function wasteGate({ validation, groups, coefficients }: ProposalFindings): CalibrationGate {
  if (validation === null) return gate('waste', 'not-judged', t`No clean sample to judge by.`);
  if (coefficients.length === 0) return gate('waste', 'not-judged', t`Nothing would change.`);
  const { wasteMedian, wasteP90, kindWasteMedian, kindWasteP90 } = calibrationRules;
  const over = isTooWasteful(validation, wasteMedian, wasteP90) ? [t`all kinds together`] : [];
  for (const group of groups) {
    if (group.validation === null || !isTooWasteful(group.validation, kindWasteMedian, kindWasteP90))
      continue;
    over.push(`${kindName(group)} (${wasteWords(group.validation)})`);
  }
  const found = t`Predicted / used, all kinds: ${wasteWords(validation)}.`;
  if (over.length === 0) return gate('waste', true, found);
  const limits = t`Above ${wasteMedian} x in the median or ${wasteP90} x at P90 (one kind: ${kindWasteMedian} x or ${kindWasteP90} x), and growing: ${over.join('; ')}.`;
  return gate('waste', false, `${found} ${limits}`);
}

function isTooWasteful({ before, after }: BeforeAfter, median: number, p90: number): boolean {
  const grows = (figure: 'wasteMedian' | 'wasteP90', most: number): boolean =>
    after[figure] > most && after[figure] > wasteGrowth * before[figure];
  return grows('wasteMedian', median) || grows('wasteP90', p90);
}

function wasteWords({ before, after }: BeforeAfter): string {
  return t`median ${formatRatio(before.wasteMedian)} before, ${formatRatio(after.wasteMedian)} after; P90 ${formatRatio(before.wasteP90)} before, ${formatRatio(after.wasteP90)} after`;
}

/** A rate is too high only where chance would make it so high no more than once in a hundred times. */
function underestimationGate({ validation, groups, coefficients, rule }: ProposalFindings): CalibrationGate {
  if (validation === null) return gate('underestimation', 'not-judged', t`No clean sample to judge by.`);
  if (coefficients.length === 0) return gate('underestimation', 'not-judged', t`Nothing would change.`);
  const { before, after } = validation;
  const found = t`${formatPercent(before.underestimation.ratePct, limitPct)} of phases before, ${formatPercent(after.underestimation.ratePct, limitPct)} after, each judged without itself.`;
  const judged = groups.filter(({ validation: own }) => own !== null);
  const level = falseAlarm / Math.max(1, judged.length);
  const rate = (group: CalibrationGroup): number => group.validation?.after.underestimation.ratePct ?? 0;
  const bad = judged.filter((group) => {
    const { count = 0, samples = 0 } = group.validation?.after.underestimation ?? {};
    const rose = rate(group) > (group.validation?.before.underestimation.ratePct ?? 0);
    return (rose || rule.kind === 'bounded') && tooMany(count, samples, worstKind, level);
  });
  const worst = judged.reduce<CalibrationGroup | null>(
    (most, group) => (most === null || rate(group) > rate(most) ? group : most),
    null,
  );
  const worstWords = worst === null ? '' : t` Most in ${kindName(worst)}: ${rateWords(worst)}.`;
  if (bad.length === 0) return gate('underestimation', true, found + worstWords);
  return gate(
    'underestimation',
    false,
    t`${found} More than ${100 * worstKind} % for certain (chance of a false alarm: ${100 * falseAlarm} %) in ${bad.map(kindName).join(', ')}.${worstWords}`,
  );
}

function rateWords({ validation }: CalibrationGroup): string {
  if (validation === null) return formatPercent(null);
  const { ratePct, interval, samples } = validation.after.underestimation;
  return t`${formatPercent(ratePct)} of ${counted(samples, 'phase')} (95 %: ${formatDecimal(interval.low, 1)} to ${formatDecimal(interval.high, 1)})`;
}

function tooMany(count: number, trials: number, limit: number, level: number): boolean {
  if (count <= limit * trials) return false;
  return 1 - new BinomialDistribution(trials, limit).atMost(count - 1) < level;
}

function forwardGate(forward: ForwardFigures | null): CalibrationGate {
  if (forward === null) {
    const text = t`Needs 38 phases with a known time, twice as many as a bound, with few cut-off calls.`;
    return gate('forward', 'not-judged', text);
  }
  const words = forward.parts.map(
    ({ earlier, later, exceeding }) =>
      t`${exceeding} of ${counted(later, 'later phase')} needed more than ${counted(earlier, 'earlier one')} would have proposed`,
  );
  const chance = formatPercent(100 * forward.pValue);
  return gate(
    'forward',
    forward.pValue >= falseAlarm,
    t`${words.join('; ')}: so many or more by chance in ${chance} of cases.`,
  );
}
