import { toMarkdown, type Document, type DocumentBlock, type DocumentSection } from '../../text/document.ts';
import { qualityName, reasonName } from '../page/sampleWords.ts';
import { contextual, t } from '../../text/l10n.ts';
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
  sections.push(section(t`Gates`, gateTable(analysis)));
  if (shown.samples > 0) {
    sections.push(
      section(t`Figures`, figureTable(shown)),
      section(t`Groups`, groupTable(shown)),
      section(t`Samples`, qualityTable(shown)),
    );
    if (shown.quality.suspect > 0) sections.push(section(t`Suspect`, suspicionTable(shown)));
  }
  if (evidence !== undefined) sections.push(evidenceSection(evidence));
  if (suspects !== undefined) sections.push(suspectSection(suspects, shown.quality.suspect));
  if (logs !== undefined) sections.push(logSection(logs));
  sections.push(
    section(contextual('steps')`Next`, { kind: 'list', items: nextSteps(analysis).map(({ text }) => text) }),
  );
  return {
    title: t`Token telemetry`,
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
    return of === null ? t`No sample in this database.` : t`No sample in this database passes the filter.`;
  const [shown, all] = [formatCount(analysed), counted(samples, 'sample')];
  const { underMultiplier } = options;
  return [
    ...(of === null ? [] : [t`Filtered: ${formatCount(samples)} of ${counted(of, 'sample')}, see below.`]),
    options.successOnly
      ? t`${shown} of ${all} analyzed: those of successful phases.`
      : t`${shown} of ${all} analyzed: those of all phases.`,
    ...(synthetic > 0 ? [syntheticWords(synthetic, options.includeSynthetic)] : []),
    underMultiplier === 1
      ? t`Underestimated means: used more than predicted.`
      : t`Underestimated means: used more than ${underMultiplier} x the prediction.`,
  ].join(' ');
}

function syntheticWords(count: number, included: boolean): string {
  const shown = included ? t`The figures show them, the gates do not count them.` : t`They are left out.`;
  return `${t`Synthetic, recorded by the example executor: ${formatCount(count)}.`} ${shown}`;
}

function gateTable({ gates }: TelemetryAnalysis): DocumentBlock {
  return table(
    [t`Gate`, t`Value`, t`Limit`, t`Verdict`, t`Detail`],
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
  const isPartial = counts.incomplete > 0;
  return table(
    [t`Figure`, t`Value`, t`Over`],
    [
      [t`Underestimation`, formatPercent(tier1.underestimationRatePct), t`analyzed samples`],
      [
        t`Truncation`,
        formatPercent(tier1.truncationRatePct),
        isPartial ? t`analyzed samples with a known outcome` : t`analyzed samples`,
      ],
      [
        t`Success`,
        formatPercent(tier1.successRatePct),
        isPartial ? t`all samples with a known outcome` : t`all samples`,
      ],
      [t`Waste (predicted / actual), median`, formatRatio(tier2.wasteMedian), t`analyzed samples`],
      [t`Waste, 90th percentile`, formatRatio(tier2.wasteP90), t`analyzed samples`],
      [t`Waste, mean`, formatRatio(tier2.wasteMean), t`analyzed samples`],
      [t`SMAPE, mean`, formatPercent(diagnostic.smapeMean), notTruncated(diagnostic.nonTruncated)],
      [t`SMAPE, median`, formatPercent(diagnostic.smapeMedian), notTruncated(diagnostic.nonTruncated)],
    ],
  );
}

function notTruncated(count: number): string {
  return t`${formatCount(count)} not truncated`;
}

function groupTable({ groups, options }: TelemetryAnalysis): DocumentBlock {
  if (groups.length === 0) return { kind: 'text', text: t`No sample to group.` };
  const bucket = (group: TelemetryGroup): string[] =>
    group.deliverables === null ? [] : [group.deliverables];
  return table(
    [
      t`Category`,
      t`Complexity`,
      ...(options.stratify ? [t`Deliverables`] : []),
      t`Samples`,
      t`Clean`,
      t`Underestimated`,
      t`Truncated`,
      t`Waste median`,
      t`Waste p90`,
      t`SMAPE median`,
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
    [t`Class`, t`Samples`, t`Meaning`],
    shown.map((name) => [qualityName(name), formatCount(quality[name]), qualityWords()[name]]),
  );
}

function suspicionTable({ suspicions: counts }: TelemetryAnalysis): DocumentBlock {
  return table(
    [t`Reason`, t`Samples`, t`Meaning`],
    suspicions
      .filter((reason) => counts[reason] > 0)
      .map((reason) => [reasonName(reason), formatCount(counts[reason]), suspicionWords()[reason]]),
  );
}
