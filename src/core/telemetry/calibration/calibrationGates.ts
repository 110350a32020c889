import type { DriftFigures } from '../evidence/driftFigures.ts';
import { differenceWords, formatP } from '../evidence/evidenceSection.ts';
import { formatPercent } from '../formatFigures.ts';
import { counted } from '../../text/quantities.ts';
import { deliverableBucket } from '../sampleKind.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { kindName } from './calibrationGroups.ts';
import type { CalibrationGate, CalibrationGateId, GateVerdict } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';
import { modelBlocks } from './confounding.ts';

const labels: Readonly<Record<CalibrationGateId, string>> = {
  'clean-samples': 'Phases with clean samples',
  'group-samples': 'Phases per kind',
  coverage: 'Coverage',
  confounding: 'Models and kinds told apart',
  drift: 'No blocking drift',
  censoring: 'Truncation',
  need: 'A change is needed',
  step: 'Bound within one step',
  waste: 'Waste',
  underestimation: 'Underestimation',
  forward: 'Later phases',
};

/** A gate with its label. */
export function gate(id: CalibrationGateId, verdict: boolean | GateVerdict, detail: string): CalibrationGate {
  const own = typeof verdict === 'string' ? verdict : verdict ? 'passed' : 'not-passed';
  return { id, label: labels[id], verdict: own, detail };
}

/** The gates that the evidence alone decides. */
export function evidenceGates(
  evidence: CalibrationEvidence,
  movable: ReadonlySet<number>,
  minPhases: number,
  drift: DriftFigures,
): readonly CalibrationGate[] {
  const { clean } = evidence.phases;
  const missing = minPhases - clean;
  const enough =
    missing > 0
      ? `${clean} of ${minPhases}: ${missing} more needed.`
      : `${clean}, at least ${minPhases} needed.`;
  return [
    gate('clean-samples', missing <= 0, enough),
    groupGate(evidence, movable),
    coverageGate(evidence),
    confoundingGate(evidence, movable),
    driftGate(drift),
  ];
}

function groupGate(
  { groups, fitted, sampled }: CalibrationEvidence,
  movable: ReadonlySet<number>,
): CalibrationGate {
  const { groupPhases, mostUnjudged } = calibrationRules;
  const total = sampled.reduce((sum, count) => sum + count, 0);
  const unjudged = sampled.reduce((sum, count, group) => sum + (movable.has(group) ? 0 : count), 0);
  const lacking = groups.flatMap((kind, group) => {
    if (movable.has(group)) return [];
    const missing = groupPhases - (fitted[group] ?? 0);
    const told = (sampled[group] ?? 0) > (fitted[group] ?? 0) ? ' that tell their deliverables' : '';
    return [`${kindName(kind)} ${missing}${told}`];
  });
  const found = `${movable.size} of ${counted(groups.length, 'kind')} with ${groupPhases} or more phases to judge by.`;
  const rest = lacking.length === 0 ? '' : ` Missing: ${lacking.join(', ')}.`;
  const isFew = unjudged <= mostUnjudged * total;
  const share =
    unjudged === 0
      ? ''
      : ` The others have ${unjudged} of ${counted(total, 'phase')} (${formatPercent((100 * unjudged) / total, 100 * mostUnjudged)}${isFew ? '' : `, at most ${100 * mostUnjudged} %`}): nothing is promised for them.`;
  return gate('group-samples', movable.size > 0 && isFew, found + share + rest);
}

/** Of what there are too few different ones among the clean samples, and which there are. */
export function lackingVariety({ samples, groups, clean }: CalibrationEvidence): readonly LackingVariety[] {
  const present = [...new Set(clean.group)].flatMap((group) => groups[group] ?? []);
  const buckets = Array.from(clean.at, (at) => deliverableBucket(samples.deliverableCount[at] ?? 0));
  const found: LackingVariety[] = [
    { what: 'category', names: distinct(present.map(({ category }) => category)) },
    { what: 'complexity', names: distinct(present.map(({ complexity }) => complexity)) },
    { what: 'number of deliverables', names: distinct(buckets) },
  ];
  return found.filter(({ names }) => names.length < calibrationRules.variety);
}

/** Something of which at least two different ones are needed. */
export interface LackingVariety {
  readonly what: 'category' | 'complexity' | 'number of deliverables';
  /** Which there are. */
  readonly names: readonly string[];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** One kind of phase, or one number of files, cannot stand for all: overhead and marginal tokens would be one. */
function coverageGate(evidence: CalibrationEvidence): CalibrationGate {
  const lacking = lackingVariety(evidence).map(({ what, names }) => {
    const listed = what === 'number of deliverables' ? `${what} (1, 2-5, 6+)` : what;
    return `${listed}: ${names.length === 0 ? 'none' : `only ${names.join(', ')}`}`;
  });
  const detail =
    lacking.length === 0
      ? 'At least two categories, complexities and numbers of deliverables.'
      : `At least two of each are needed. ${capital(lacking.join('; '))}.`;
  return gate('coverage', lacking.length === 0, detail);
}

function confoundingGate(evidence: CalibrationEvidence, movable: ReadonlySet<number>): CalibrationGate {
  const { clean, samples, groups } = evidence;
  const models = new Set(Array.from(clean.at, (at) => samples.model[at] ?? 0)).size;
  if (models < 2)
    return gate('confounding', 'not-judged', models === 0 ? 'No model to compare.' : 'One model.');
  const blocks = modelBlocks(evidence, movable);
  if (blocks.length < 2)
    return gate(
      'confounding',
      true,
      `${counted(models, 'model')}, linked by kinds of phases that both were used for.`,
    );
  const names = (numbers: readonly number[]): string =>
    numbers
      .flatMap((group) => groups[group] ?? [])
      .map(kindName)
      .join(', ');
  const found = blocks.map((block) => `${block.models.join(', ')} only for ${names(block.groups)}`);
  const [first, second] = blocks;
  const wanted = `Seed ${names(second?.groups.slice(0, 1) ?? [])} with ${first?.models[0] ?? ''}, or ${names(first?.groups.slice(0, 1) ?? [])} with ${second?.models[0] ?? ''}.`;
  return gate(
    'confounding',
    false,
    `A difference between models cannot be told from one between kinds: ${found.join('; ')}. ${wanted}`,
  );
}

function driftGate({ comparisons, timed }: DriftFigures): CalibrationGate {
  const blocking = comparisons.filter((one) => one.blocking);
  const words = blocking.map(
    ({ label, factor, pValue }) => `${label}: ${differenceWords(factor)} (${formatP(pValue)}).`,
  );
  const untimed = timed ? '' : ' Too few samples tell their time to look for a change.';
  if (comparisons.length === 0) return gate('drift', 'not-judged', `Nothing to compare.${untimed}`);
  const passed = blocking.length === 0;
  return gate('drift', passed, passed ? `No certain difference of 25 % or more.${untimed}` : words.join(' '));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
