import {
  countOf,
  formatCount,
  formatGateLimit,
  formatGateValue,
  formatPercent,
  formatRatio,
  gateVerdict,
} from './formatFigures.ts';
import { markdownTable } from './markdownTable.ts';
import { nextSteps, qualityWords } from './nextSteps.ts';
import { sampleQualities } from './sampleQuality.ts';
import { suspicions, suspicionWords } from './suspicion.ts';
import type { TelemetryAnalysis, TelemetryGroup } from './telemetryAnalysis.ts';

/** The analysis as Markdown: gates, figures, groups, what the samples are worth, and what to do next. */
export function renderTelemetryReport(analysis: TelemetryAnalysis): string {
  const sections = [`# Token telemetry\n\n${summary(analysis)}`, `## Gates\n\n${gateTable(analysis)}`];
  if (analysis.samples > 0) {
    sections.push(
      `## Figures\n\n${figureTable(analysis)}`,
      `## Groups\n\n${groupTable(analysis)}`,
      `## Samples\n\n${qualityTable(analysis)}`,
    );
    if (analysis.quality.suspect > 0) sections.push(`## Suspect\n\n${suspicionTable(analysis)}`);
  }
  const steps = nextSteps(analysis).map(({ text }) => `- ${text}`);
  sections.push(`## Next\n\n${steps.join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

function summary({ samples, analysed, synthetic, options }: TelemetryAnalysis): string {
  if (samples === 0) return 'No sample in this database.';
  const which = options.successOnly ? 'those of successful phases' : 'those of all phases';
  const { underMultiplier } = options;
  const more =
    underMultiplier === 1 ? 'more than predicted' : `more than ${underMultiplier} x the prediction`;
  return [
    `${formatCount(analysed)} of ${countOf(samples, 'sample')} analysed: ${which}.`,
    ...(synthetic > 0 ? [syntheticWords(synthetic, options.includeSynthetic)] : []),
    `Underestimated means: used ${more}.`,
  ].join(' ');
}

function syntheticWords(count: number, included: boolean): string {
  const shown = included ? 'The figures show them, the gates do not count them.' : 'They are left out.';
  return `Synthetic, recorded by the example executor: ${formatCount(count)}. ${shown}`;
}

function gateTable({ gates }: TelemetryAnalysis): string {
  return markdownTable(
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

function figureTable({ tier1, tier2, diagnostic }: TelemetryAnalysis): string {
  return markdownTable(
    ['Figure', 'Value', 'Over'],
    [
      ['Underestimation', formatPercent(tier1.underestimationRatePct), 'analysed samples'],
      ['Truncation', formatPercent(tier1.truncationRatePct), 'analysed samples'],
      ['Success', formatPercent(tier1.successRatePct), 'all samples'],
      ['Waste (predicted / actual), median', formatRatio(tier2.wasteMedian), 'analysed samples'],
      ['Waste, 90th percentile', formatRatio(tier2.wasteP90), 'analysed samples'],
      ['Waste, mean', formatRatio(tier2.wasteMean), 'analysed samples'],
      ['SMAPE, mean', formatPercent(diagnostic.smapeMean), notTruncated(diagnostic.nonTruncated)],
      ['SMAPE, median', formatPercent(diagnostic.smapeMedian), notTruncated(diagnostic.nonTruncated)],
    ],
  );
}

function notTruncated(count: number): string {
  return `${formatCount(count)} not truncated`;
}

function groupTable({ groups, options }: TelemetryAnalysis): string {
  if (groups.length === 0) return 'No sample to group.';
  const bucket = (group: TelemetryGroup): string[] =>
    group.deliverables === null ? [] : [group.deliverables];
  return markdownTable(
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

function qualityTable({ quality }: TelemetryAnalysis): string {
  const shown = [...sampleQualities].reverse();
  return markdownTable(
    ['Class', 'Samples', 'Meaning'],
    shown.map((name) => [name, formatCount(quality[name]), qualityWords[name]]),
  );
}

function suspicionTable({ suspicions: counts }: TelemetryAnalysis): string {
  return markdownTable(
    ['Reason', 'Samples', 'Meaning'],
    suspicions
      .filter((reason) => counts[reason] > 0)
      .map((reason) => [reason, formatCount(counts[reason]), suspicionWords[reason]]),
  );
}
