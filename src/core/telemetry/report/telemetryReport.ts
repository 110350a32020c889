import { toMarkdown, type Document, type DocumentBlock, type DocumentSection } from '../../text/document.ts';
import { formatGateLimit, formatGateValue, gateVerdict } from '../analysis/telemetryAnalysis.ts';
import { counted, formatCount, formatPercent, formatRatio } from '../../text/quantities.ts';
import { nextSteps, qualityWords } from '../analysis/nextSteps.ts';
import type { TelemetryAnalysis, TelemetryGroup } from '../analysis/telemetryAnalysis.ts';
import type { TelemetryEvidence } from '../evidence/telemetryEvidence.ts';
import type { LogFacts } from '../logs/reconcileLogs.ts';
import { sampleQualities, suspicions, suspicionWords } from '../samples/sampleQuality.ts';
import type { SuspectSample } from '../samples/suspects.ts';
import {
  filterSection,
  evidenceSection,
  logSection,
  suspectSection,
  type FilteredFigures,
} from './reportSections.ts';

/** What a report tells besides the analysis. */
export interface ReportExtras {
  readonly logs?: LogFacts;
  /** Suspect samples, one by one. */
  readonly suspects?: readonly SuspectSample[];
  /** The figures of a filter's samples, which the report then shows instead of those of all. */
  readonly filtered?: FilteredFigures;
  /** How sure the figures are; absent where no real sample is. */
  readonly evidence?: TelemetryEvidence;
}

/** The analysis as Markdown: gates, figures, groups, what the samples are worth, and what to do next. */
export function renderTelemetryReport(analysis: TelemetryAnalysis, extras: ReportExtras = {}): string {
  return toMarkdown(telemetryDocument(analysis, extras));
}

/** The same as data. */
export function telemetryDocument(
  analysis: TelemetryAnalysis,
  { logs, suspects, evidence, filtered }: ReportExtras = {},
): Document {
  const shown = filtered?.selected ?? analysis;
  const sections = filtered === undefined ? [] : [filterSection(filtered, analysis.samples)];
  sections.push(section('Gates', gateTable(analysis)));
  if (shown.samples > 0) {
    sections.push(
      section('Figures', figureTable(shown)),
      section('Groups', groupTable(shown)),
      section('Samples', qualityTable(shown)),
    );
    if (shown.quality.suspect > 0) sections.push(section('Suspect', suspicionTable(shown)));
  }
  if (evidence !== undefined) sections.push(evidenceSection(evidence));
  if (suspects !== undefined) sections.push(suspectSection(suspects, shown.quality.suspect));
  if (logs !== undefined) sections.push(logSection(logs));
  sections.push(section('Next', { kind: 'list', items: nextSteps(analysis).map(({ text }) => text) }));
  return {
    title: 'Token telemetry',
    lead: summary(shown, filtered === undefined ? null : analysis.samples),
    sections,
  };
}

function section(heading: string, block: DocumentBlock): DocumentSection {
  return { heading, blocks: [block] };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): DocumentBlock {
  return { kind: 'table', head, rows };
}

/** `of`: how many samples a filter was laid over; `null` without one. */
function summary({ samples, analysed, synthetic, options }: TelemetryAnalysis, of: number | null): string {
  if (samples === 0)
    return of === null ? 'No sample in this database.' : 'No sample in this database passes the filter.';
  const which = options.successOnly ? 'those of successful phases' : 'those of all phases';
  const { underMultiplier } = options;
  const more =
    underMultiplier === 1 ? 'more than predicted' : `more than ${underMultiplier} x the prediction`;
  return [
    ...(of === null ? [] : [`Filtered: ${formatCount(samples)} of ${counted(of, 'sample')}, see below.`]),
    `${formatCount(analysed)} of ${counted(samples, 'sample')} analyzed: ${which}.`,
    ...(synthetic > 0 ? [syntheticWords(synthetic, options.includeSynthetic)] : []),
    `Underestimated means: used ${more}.`,
  ].join(' ');
}

function syntheticWords(count: number, included: boolean): string {
  const shown = included ? 'The figures show them, the gates do not count them.' : 'They are left out.';
  return `Synthetic, recorded by the example executor: ${formatCount(count)}. ${shown}`;
}

function gateTable({ gates }: TelemetryAnalysis): DocumentBlock {
  return table(
    ['Gate', 'Value', 'Limit', 'Verdict', 'Detail'],
    gates.map((gate) => [
      gate.label,
      formatGateValue(gate),
      formatGateLimit(gate),
      gateVerdict(gate),
      gate.detail,
    ]),
  );
}

function figureTable({ tier1, tier2, diagnostic, suspicions: counts }: TelemetryAnalysis): DocumentBlock {
  const among = counts.incomplete > 0 ? ' with a known outcome' : '';
  return table(
    ['Figure', 'Value', 'Over'],
    [
      ['Underestimation', formatPercent(tier1.underestimationRatePct), 'analyzed samples'],
      ['Truncation', formatPercent(tier1.truncationRatePct), `analyzed samples${among}`],
      ['Success', formatPercent(tier1.successRatePct), `all samples${among}`],
      ['Waste (predicted / actual), median', formatRatio(tier2.wasteMedian), 'analyzed samples'],
      ['Waste, 90th percentile', formatRatio(tier2.wasteP90), 'analyzed samples'],
      ['Waste, mean', formatRatio(tier2.wasteMean), 'analyzed samples'],
      ['SMAPE, mean', formatPercent(diagnostic.smapeMean), notTruncated(diagnostic.nonTruncated)],
      ['SMAPE, median', formatPercent(diagnostic.smapeMedian), notTruncated(diagnostic.nonTruncated)],
    ],
  );
}

function notTruncated(count: number): string {
  return `${formatCount(count)} not truncated`;
}

function groupTable({ groups, options }: TelemetryAnalysis): DocumentBlock {
  if (groups.length === 0) return { kind: 'text', text: 'No sample to group.' };
  const bucket = (group: TelemetryGroup): string[] =>
    group.deliverables === null ? [] : [group.deliverables];
  return table(
    [
      'Category',
      'Complexity',
      ...(options.stratify ? ['Deliverables'] : []),
      'Samples',
      'Clean',
      'Underestimated',
      'Truncated',
      'Waste median',
      'Waste p90',
      'SMAPE median',
    ],
    groups.map((group) => [
      group.category,
      group.complexity,
      ...bucket(group),
      formatCount(group.samples),
      formatCount(group.clean),
      formatPercent(group.underestimationRatePct),
      formatPercent(group.truncationRatePct),
      formatRatio(group.wasteMedian),
      formatRatio(group.wasteP90),
      formatPercent(group.smapeMedian),
    ]),
  );
}

function qualityTable({ quality }: TelemetryAnalysis): DocumentBlock {
  const shown = [...sampleQualities].reverse();
  return table(
    ['Class', 'Samples', 'Meaning'],
    shown.map((name) => [name, formatCount(quality[name]), qualityWords()[name]]),
  );
}

function suspicionTable({ suspicions: counts }: TelemetryAnalysis): DocumentBlock {
  return table(
    ['Reason', 'Samples', 'Meaning'],
    suspicions
      .filter((reason) => counts[reason] > 0)
      .map((reason) => [reason, formatCount(counts[reason]), suspicionWords()[reason]]),
  );
}
