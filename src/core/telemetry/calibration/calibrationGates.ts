import type { DriftFigures } from '../evidence/driftFigures.ts';
import { formatPercent } from '../formatFigures.ts';
import { counted } from '../../text/quantities.ts';
import { deliverableBucket } from '../sampleKind.ts';
import { type CalibrationEvidence } from './calibrationEvidence.ts';
import type {
  BeforeAfter,
  CalibrationGate,
  CalibrationGateId,
  CalibrationGroup,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

const labels: Readonly<Record<CalibrationGateId, string>> = {
  'clean-samples': 'Clean samples',
  'group-samples': 'Samples per kind of phase',
  coverage: 'Coverage',
  drift: 'No blocking drift',
  censoring: 'Truncated samples',
  underestimation: 'Underestimation not worse',
};

/** A gate with its label. */
export function gate(id: CalibrationGateId, passed: boolean, detail: string): CalibrationGate {
  return { id, label: labels[id], passed, detail };
}

/** The gates that the evidence alone decides. */
export function evidenceGates(
  evidence: CalibrationEvidence,
  minSamples: number,
  drift: DriftFigures,
): readonly CalibrationGate[] {
  const clean = evidence.clean.at.length;
  const missing = minSamples - clean;
  const enough =
    missing > 0
      ? `${clean} of ${minSamples}: ${missing} more needed.`
      : `${clean}, at least ${minSamples} needed.`;
  return [
    gate('clean-samples', missing <= 0, enough),
    groupGate(evidence),
    coverageGate(evidence),
    driftGate(drift),
  ];
}

function groupGate(evidence: CalibrationEvidence): CalibrationGate {
  const { groupSamples } = calibrationRules;
  const names = evidence.groups.map(({ category, complexity }) => `${category}/${complexity}`);
  const thin = names.flatMap((name, group) => {
    const count = evidence.sampled[group] ?? 0;
    return count < groupSamples ? [`${name} ${groupSamples - count}`] : [];
  });
  const full = names.length - thin.length;
  const found = `${full} of ${counted(names.length, 'kind')} with ${groupSamples} or more clean samples.`;
  const rest = thin.length === 0 ? '' : ` Missing: ${thin.join(', ')}.`;
  return gate('group-samples', full > 0, found + (names.length === 0 ? '' : rest));
}

/** One kind of phase, or one number of files, cannot stand for all: overhead and marginal tokens would be one. */
function coverageGate({ samples, groups, clean }: CalibrationEvidence): CalibrationGate {
  const { variety } = calibrationRules;
  const present = [...new Set(clean.group)].flatMap((group) => groups[group] ?? []);
  const buckets = new Set(Array.from(clean.at, (at) => deliverableBucket(samples.deliverableCount[at] ?? 0)));
  const found = [
    ['category', new Set(present.map(({ category }) => category))],
    ['complexity', new Set(present.map(({ complexity }) => complexity))],
    ['number of deliverables (1, 2-5, 6+)', buckets],
  ] as const;
  const lacking = found.flatMap(([what, names]) =>
    names.size >= variety ? [] : [`${what}: ${names.size === 0 ? 'none' : `only ${[...names].join(', ')}`}`],
  );
  const detail =
    lacking.length === 0
      ? 'At least two categories, complexities and numbers of deliverables.'
      : `At least two of each are needed. ${capital(lacking.join('; '))}.`;
  return gate('coverage', lacking.length === 0, detail);
}

function driftGate({ comparisons, timed }: DriftFigures): CalibrationGate {
  const blocking = comparisons.filter((one) => one.blocking);
  const words = blocking.map(
    ({ label, factor, pValue }) =>
      `${label}: ratios ${factor.toFixed(2)} times as large (p = ${pValue.toPrecision(1)}).`,
  );
  const untimed = timed ? '' : ' Too few samples tell their time to look for a change.';
  const calm = comparisons.length === 0 ? 'Nothing to compare.' : 'No certain difference of 25 % or more.';
  const passed = blocking.length === 0;
  return gate('drift', passed, passed ? calm + untimed : words.join(' '));
}

/** Whether the proposal serves phases it has not seen at least as safely as the coefficients in use. */
export function underestimationGate(
  validation: BeforeAfter | null,
  groups: readonly CalibrationGroup[],
): CalibrationGate {
  if (validation === null) return gate('underestimation', false, 'No clean sample to judge by.');
  const { before, after } = validation;
  const from = formatPercent(before.underestimation.ratePct);
  const to = formatPercent(after.underestimation.ratePct);
  const worse = groups.filter(isWorse);
  const found = `${from} before, ${to} after, each phase judged without itself.`;
  if (isWorseOverall(validation)) return gate('underestimation', false, `Worse: ${found}`);
  if (worse.length === 0) return gate('underestimation', true, found);
  const names = worse.map(({ category, complexity }) => `${category}/${complexity}`).join(', ');
  return gate('underestimation', false, `${found} Worse for certain in ${names}.`);
}

/** Up to the target a rate may rise: that is what saves tokens. */
function isWorseOverall({ before, after }: BeforeAfter): boolean {
  const { ratePct } = after.underestimation;
  return ratePct > before.underestimation.ratePct && ratePct > 100 * calibrationRules.alpha;
}

/** In a group of few samples one more is no proof: its interval must lie above the target. */
function isWorse({ validation }: CalibrationGroup): boolean {
  if (validation === null || !isWorseOverall(validation)) return false;
  return validation.after.underestimation.interval.low > 100 * calibrationRules.alpha;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
