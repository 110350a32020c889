import { deliverableBucket } from '../../model/sampleKind.ts';
import { t } from '../../text/l10n.ts';
import { counted, formatPercent } from '../../text/quantities.ts';
import type { DriftFigures } from '../evidence/findDrift.ts';
import { differenceWords, formatP } from '../report/reportSections.ts';
import type { CalibrationEvidence } from './calibrationEvidence.ts';
import { kindName } from './calibrationGroups.ts';
import type {
  CalibrationGate,
  CalibrationGateId,
  GateVerdict,
  MissingEvidence,
  SafeBudget,
} from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

const labels = (): Readonly<Record<CalibrationGateId, string>> => ({
  'clean-samples': t`Phases with clean samples`,
  'group-samples': t`Phases per kind`,
  coverage: t`Coverage`,
  confounding: t`Models and kinds distinguishable`,
  drift: t`No blocking drift`,
  censoring: t`Truncation`,
  need: t`A change is needed`,
  step: t`Bound within one step`,
  waste: t`Waste`,
  underestimation: t`Underestimation`,
  forward: t`Later phases`,
});

/** A gate with its label. */
export function gate(id: CalibrationGateId, verdict: boolean | GateVerdict, detail: string): CalibrationGate {
  const own = typeof verdict === 'string' ? verdict : verdict ? 'passed' : 'not-passed';
  return { id, label: labels()[id], verdict: own, detail };
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
      ? t`${clean} of ${minPhases}: ${missing} more needed.`
      : t`${clean}, at least ${minPhases} needed.`;
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
    const name = kindName(kind);
    const isUnknown = (sampled[group] ?? 0) > (fitted[group] ?? 0);
    return [isUnknown ? t`${name} ${missing} with known deliverables` : `${name} ${missing}`];
  });
  const found = t`${movable.size} of ${counted(groups.length, 'kind')} with ${groupPhases} or more phases to judge by.`;
  const rest = lacking.length === 0 ? '' : t` Missing: ${lacking.join(', ')}.`;
  const isFew = unjudged <= mostUnjudged * total;
  const percent = formatPercent((100 * unjudged) / total, 100 * mostUnjudged);
  const share =
    unjudged === 0
      ? ''
      : isFew
        ? t` The others have ${unjudged} of ${counted(total, 'phase')} (${percent}): nothing is promised for them.`
        : t` The others have ${unjudged} of ${counted(total, 'phase')} (${percent}, at most ${100 * mostUnjudged} %): nothing is promised for them.`;
  return gate('group-samples', movable.size > 0 && isFew, found + share + rest);
}

/** Of what there are too few different ones among the clean samples, and which there are. */
function lackingVariety({ samples, groups, clean }: CalibrationEvidence): readonly LackingVariety[] {
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

const varietyWords = (): Readonly<Partial<Record<string, string>>> => ({
  category: t`category`,
  complexity: t`complexity`,
  'number of deliverables': t`number of deliverables`,
});

/** The same, beginning a list of those there are. */
const listedWords = (): ReturnType<typeof varietyWords> => ({
  ...varietyWords(),
  'number of deliverables': t`number of deliverables (1, 2-5, 6+)`,
});

/** One kind of phase, or one number of files, cannot stand for all: overhead and marginal tokens would be one. */
function coverageGate(evidence: CalibrationEvidence): CalibrationGate {
  const lacking = lackingVariety(evidence).map(({ what, names }) => {
    const listed = listedWords()[what] ?? what;
    return names.length === 0 ? t`${listed}: none` : t`${listed}: only ${names.join(', ')}`;
  });
  const detail =
    lacking.length === 0
      ? t`At least two categories, complexities and numbers of deliverables.`
      : t`At least two of each are needed. ${capital(lacking.join('; '))}.`;
  return gate('coverage', lacking.length === 0, detail);
}

function confoundingGate(evidence: CalibrationEvidence, movable: ReadonlySet<number>): CalibrationGate {
  const { clean, samples, groups } = evidence;
  const models = new Set(Array.from(clean.at, (at) => samples.model[at] ?? 0)).size;
  if (models < 2)
    return gate('confounding', 'not-judged', models === 0 ? t`No model to compare.` : t`One model.`);
  const blocks = modelBlocks(evidence, movable);
  if (blocks.length < 2)
    return gate(
      'confounding',
      true,
      t`${counted(models, 'model')}, linked by kinds of phases that both were used for.`,
    );
  const names = (numbers: readonly number[]): string =>
    numbers
      .flatMap((group) => groups[group] ?? [])
      .map(kindName)
      .join(', ');
  const found = blocks.map((block) => t`${block.models.join(', ')} only for ${names(block.groups)}`);
  const [first, second] = blocks;
  const wanted = t`Seed ${names(second?.groups.slice(0, 1) ?? [])} with ${first?.models[0] ?? ''}, or ${names(first?.groups.slice(0, 1) ?? [])} with ${second?.models[0] ?? ''}.`;
  return gate(
    'confounding',
    false,
    t`A difference between models cannot be distinguished from one between kinds: ${found.join('; ')}. ${wanted}`,
  );
}

function driftGate({ comparisons, timed }: DriftFigures): CalibrationGate {
  const blocking = comparisons.filter((one) => one.blocking);
  const words = blocking.map(
    ({ label, factor, pValue }) => `${label}: ${differenceWords(factor)} (${formatP(pValue)}).`,
  );
  const untimed = timed ? '' : t` Too few samples have a time to look for a change.`;
  if (comparisons.length === 0) return gate('drift', 'not-judged', t`Nothing to compare.${untimed}`);
  const passed = blocking.length === 0;
  return gate(
    'drift',
    passed,
    passed ? t`No certain difference of 25 % or more.${untimed}` : words.join(' '),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What to seed so that more can be proposed. */
export function missingEvidence(
  evidence: CalibrationEvidence,
  movable: ReadonlySet<number>,
  { missing }: SafeBudget,
  minPhases: number,
): MissingEvidence {
  const { groups, fitted, sampled, phases } = evidence;
  const withoutDeliverables = sampled.reduce((sum, count, group) => sum + count - (fitted[group] ?? 0), 0);
  const kinds = groups.flatMap((kind, group) => {
    if (movable.has(group)) return [];
    return [{ ...kind, phases: calibrationRules.groupPhases - (fitted[group] ?? 0) }];
  });
  const other = lackingVariety(evidence).flatMap(({ what, names }) => (names.length > 0 ? [what] : []));
  return { phases: Math.max(0, missing, minPhases - phases.clean), kinds, withoutDeliverables, other };
}

/** The same as sentences; none where nothing is missing. */
export function missingEvidenceWords({
  phases,
  kinds,
  withoutDeliverables,
  other,
}: MissingEvidence): readonly string[] {
  const words: string[] = [];
  if (withoutDeliverables > 0 && kinds.length > 0) {
    words.push(
      t`Calibrate with the database of these phases: the deliverables of ${counted(withoutDeliverables, 'phase')} are not known, and logs do not name them.`,
    );
  }
  if (kinds.length > 0) {
    const lacking = kinds.map((kind) => `${kindName(kind)} ${kind.phases}`).join(', ');
    words.push(t`Seed more phases of the kinds that could not be judged: ${lacking}.`);
  }
  if (other.length > 0)
    words.push(t`Seed phases of another ${listed(other.map((what) => varietyWords()[what] ?? what))}.`);
  if (phases > 0) words.push(t`${counted(phases, 'more phase')} without a cut-off call needed in all.`);
  if (words.length > 0) {
    words.push(t`"seed --targeted" adds what coverage lacks; drain the phases, then calibrate again.`);
  }
  return words;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : t`${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Fewer phases of a model in a kind tell nothing about the difference between them. */
const leastPhases = 3;

/** Models that no kind of phase has in common with the others: their effect cannot be told from that of their kinds. */
export interface ModelBlock {
  readonly models: readonly string[];
  /** Indices into the groups. */
  readonly groups: readonly number[];
}

/**
 * The blocks that models and kinds of phases fall into, linked where a model was used for a kind. In one block every model
 * can be held against every other over the kinds they share; of several blocks, the difference between models is the
 * difference between kinds. Only kinds that may move count, and models that have enough phases in one.
 */
function modelBlocks(
  { samples, clean }: CalibrationEvidence,
  movable: ReadonlySet<number>,
): readonly ModelBlock[] {
  const cells = new Map<
    string,
    { readonly model: number; readonly group: number; readonly phases: Set<number> }
  >();
  for (const [row, group] of clean.group.entries()) {
    if (!movable.has(group)) continue;
    const model = samples.model[clean.at[row] ?? 0] ?? 0;
    const key = `${model} ${group}`;
    let cell = cells.get(key);
    if (cell === undefined) cells.set(key, (cell = { model, group, phases: new Set() }));
    cell.phases.add(clean.phase[row] ?? 0);
  }
  const blocks: { readonly models: Set<number>; readonly groups: Set<number> }[] = [];
  for (const { model, group, phases } of cells.values()) {
    if (phases.size < leastPhases) continue;
    const joined = { models: new Set([model]), groups: new Set([group]) };
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index];
      if (block === undefined || !(block.models.has(model) || block.groups.has(group))) continue;
      for (const one of block.models) joined.models.add(one);
      for (const one of block.groups) joined.groups.add(one);
      blocks.splice(index, 1);
    }
    blocks.push(joined);
  }
  return blocks
    .map(({ models, groups }) => ({
      models: [...models].map((model) => samples.models[model] ?? 'unknown').sort(),
      groups: [...groups].sort((a, b) => a - b),
    }))
    .sort((a, b) => (a.groups[0] ?? 0) - (b.groups[0] ?? 0));
}
