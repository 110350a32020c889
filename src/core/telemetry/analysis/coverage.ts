import {
  compareComplexity,
  compareText,
  deliverableBucket,
  deliverableBuckets,
  type DeliverableBucket,
} from '../../model/sampleKind.ts';
import type { Document } from '../../text/document.ts';
import { t } from '../../text/l10n.ts';
import { counted, formatCount, noFigure } from '../../text/quantities.ts';
import { sampleQualities } from '../samples/sampleQuality.ts';
import type { TelemetrySamples } from '../samples/telemetrySamples.ts';
import { telemetryLimits } from './telemetryGates.ts';

/** A kind of phase. */
export interface PhaseKind {
  readonly category: string;
  readonly complexity: string;
  readonly deliverables: DeliverableBucket;
}

/** One kind of phase, and how much is known of it. */
export interface CoverageCell extends PhaseKind {
  /** Phases with a clean sample: repeats of one phase are not independent, and count once. */
  readonly have: number;
  /** Phases it takes; 0 for kinds that a telemetry run is not for. */
  readonly need: number;
  /** `need` less `have`, at least 0. */
  readonly missing: number;
  /** QUEUED phases of this kind: draining them may give what is missing. */
  readonly waiting: number;
  /** Clean samples. */
  readonly samples: number;
}

/** What evidence there is for each kind of phase. Field names are those of `coverage --json`. */
export interface Coverage {
  /** Whether nothing is missing. */
  readonly complete: boolean;
  /** Phases with a clean sample in all. */
  readonly phases: { readonly have: number; readonly need: number };
  /** Phases missing over all kinds. */
  readonly missing: number;
  /** How many of those are not even waiting to be drained: what a targeted run adds. */
  readonly toSeed: number;
  /** Sorted by category, complexity and bucket: all kinds that are needed, have samples, or wait. */
  readonly cells: readonly CoverageCell[];
}

/** What a telemetry run is for, by Autopack's plan. */
const categories = ['implementation', 'tests', 'docs'];
const complexities = ['low', 'medium', 'high'];
/** Five phases of each category and complexity, as many as a proposal for it takes; some with several deliverables. */
const needOf: Readonly<Record<DeliverableBucket, number>> = { '1': 3, '2-5': 2, '6+': 0 };

const clean = sampleQualities.indexOf('clean');

/** The evidence that samples give for each kind of phase; `waiting` are the QUEUED phases. */
export function telemetryCoverage(samples: TelemetrySamples, waiting: readonly PhaseKind[]): Coverage {
  const counts = new Map<string, KindCount>();
  const count = (kind: PhaseKind): KindCount => {
    const key = [kind.category, kind.complexity, kind.deliverables].join('\0');
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = { kind, phases: new Set(), samples: 0, waiting: 0 }));
    return found;
  };
  for (const kind of neededKinds()) count(kind);
  const phases = new Set<number>();
  for (let at = 0; at < samples.count; at += 1) {
    if (samples.quality[at] !== clean) continue;
    const found = count(kindOf(samples, at));
    found.phases.add(samples.phase[at] ?? 0);
    found.samples += 1;
    phases.add(samples.phase[at] ?? 0);
  }
  for (const kind of waiting) count(kind).waiting += 1;
  const cells = [...counts.values()].map(toCell).sort(compareCells);
  const missing = sum(cells, (cell) => cell.missing);
  return {
    complete: missing === 0 && phases.size >= telemetryLimits.cleanPhases,
    phases: { have: phases.size, need: telemetryLimits.cleanPhases },
    missing,
    toSeed: sum(cells, stillToSeed),
    cells,
  };
}

/** How many phases of a kind are missing and not waiting either. */
export function stillToSeed({ missing, waiting }: CoverageCell): number {
  return Math.max(0, missing - waiting);
}

interface KindCount {
  readonly kind: PhaseKind;
  readonly phases: Set<number>;
  samples: number;
  waiting: number;
}

function neededKinds(): PhaseKind[] {
  return categories.flatMap((category) =>
    complexities.flatMap((complexity) =>
      deliverableBuckets
        .filter((bucket) => needOf[bucket] > 0)
        .map((deliverables) => ({ category, complexity, deliverables })),
    ),
  );
}

function kindOf(samples: TelemetrySamples, at: number): PhaseKind {
  return {
    category: samples.categories[samples.category[at] ?? 0] ?? 'unknown',
    complexity: samples.complexities[samples.complexity[at] ?? 0] ?? 'unknown',
    deliverables: deliverableBucket(samples.deliverableCount[at] ?? 0),
  };
}

function toCell({ kind, phases, samples, waiting }: KindCount): CoverageCell {
  const isNeeded = categories.includes(kind.category) && complexities.includes(kind.complexity);
  const need = isNeeded ? needOf[kind.deliverables] : 0;
  return { ...kind, have: phases.size, need, missing: Math.max(0, need - phases.size), waiting, samples };
}

function compareCells(a: CoverageCell, b: CoverageCell): number {
  return (
    compareText(a.category, b.category) ||
    compareComplexity(a.complexity, b.complexity) ||
    compareText(a.deliverables, b.deliverables)
  );
}

function sum(cells: readonly CoverageCell[], of: (cell: CoverageCell) => number): number {
  return cells.reduce((total, cell) => total + of(cell), 0);
}

/** The coverage as a report: the matrix, and what to do about what is missing. */
export function coverageDocument(coverage: Coverage): Document {
  const { phases, cells } = coverage;
  const rows = cells.map((cell) => [
    cell.category,
    cell.complexity,
    cell.deliverables,
    formatCount(cell.have),
    cell.need === 0 ? noFigure : formatCount(cell.need),
    cell.missing === 0 ? noFigure : formatCount(cell.missing),
    cell.waiting === 0 ? noFigure : formatCount(cell.waiting),
  ]);
  const head = [t`Category`, t`Complexity`, t`Deliverables`, t`Have`, t`Need`, t`Missing`, t`Queued`];
  return {
    title: t`Telemetry coverage`,
    lead: t`${formatCount(phases.have)} of ${phases.need} phases with a clean sample, as a calibration needs in all. A phase counts once, however often it was sampled.`,
    sections: [
      { heading: t`Kinds of phases`, blocks: [{ kind: 'table', head, rows }] },
      { heading: t`Next`, blocks: [{ kind: 'text', text: nextStep(coverage) }] },
    ],
  };
}

function nextStep({ complete, missing, toSeed, phases }: Coverage): string {
  if (complete) return t`Every kind of phase is covered.`;
  if (missing === 0) {
    return t`${counted(phases.need - phases.have, 'more phase')} with a clean sample needed: seed another run and drain it.`;
  }
  const lead = t`${counted(missing, 'phase')} missing.`;
  if (toSeed === 0) return t`${lead} As many are queued: drain them.`;
  const waiting = missing - toSeed;
  const queued = waiting === 0 ? '' : t` ${formatCount(waiting)} of them are queued: drain those first.`;
  return t`${lead}${queued} Seed the other ${formatCount(toSeed)} with "seed --targeted".`;
}
