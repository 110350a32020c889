import { countOf, formatCount, formatPercent, formatRatio } from '../formatFigures.ts';
import { markdownTable } from '../markdownTable.ts';
import type { Interval } from '../statistics/interval.ts';
import type { RiskInterval } from '../evidence/riskInterval.ts';
import type { RatioDistribution } from '../evidence/ratioDistribution.ts';
import type {
  BeforeAfter,
  CalibrationGate,
  CalibrationGateId,
  CalibrationGroup,
  CalibrationResult,
} from './calibrationProposal.ts';

/** A calibration as Markdown: the verdict, the gates, what would change, and how it serves phases it has not seen. */
export function renderCalibrationReport(result: CalibrationResult): string {
  const sections = [
    `# Token estimator calibration\n\n${verdict(result)}`,
    `## Gates\n\n${gateTable(result)}`,
  ];
  if (result.quality.clean > 0) {
    sections.push(`## Kinds of phases\n\n${groupTable(result)}\n\n${reasonings(result)}`);
    if (result.coefficients.length > 0) sections.push(`## Coefficients\n\n${coefficientTable(result)}`);
    sections.push(`## Safe budget\n\n${safeBudget(result)}`);
    if (result.validation !== null) sections.push(`## Before and after\n\n${validation(result)}`);
    sections.push(`## Used against predicted\n\n${ratios(result)}`, `## Drift\n\n${drift(result)}`);
  }
  if (result.caveats.length > 0)
    sections.push(`## To know\n\n${result.caveats.map((one) => `- ${one}`).join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

function verdict({ verdict: found, reasons, gates, quality, phases }: CalibrationResult): string {
  const basis = `${countOf(quality.clean, 'clean sample')} of ${countOf(phases, 'phase')}.`;
  if (found === 'proposed')
    return `**Proposed**, from ${basis} Nothing is changed until you apply it: \`calibrate --apply <this file's .json> --estimator <estimator.json>\`.`;
  const list = reasons.map((reason) => `- ${reason}`).join('\n');
  return `**Withheld**, from ${basis}\n\n${list}${needsSamples(gates) ? `\n\n${moreSamples}` : ''}`;
}

const moreSamples = 'To collect what is missing: `seed --targeted`, then `drain`, then calibrate again.';

function needsSamples(gates: readonly CalibrationGate[]): boolean {
  const bySamples: readonly CalibrationGateId[] = ['clean-samples', 'group-samples', 'coverage'];
  return gates.some(({ id, passed }) => !passed && bySamples.includes(id));
}

function gateTable({ gates }: CalibrationResult): string {
  return markdownTable(
    ['Gate', 'Verdict', 'Detail'],
    gates.map(({ label, passed, detail }) => [label, passed ? 'Passed' : 'Not passed', detail]),
  );
}

function groupTable({ groups }: CalibrationResult): string {
  return markdownTable(
    [
      'Category',
      'Complexity',
      'Clean',
      'Phases',
      'Median used / predicted',
      'Unbiased estimate',
      'Action',
      'Predictions become',
      'Underestimated before',
      'after',
    ],
    groups.map((group) => [
      group.category,
      group.complexity,
      formatCount(group.samples),
      formatCount(group.phases),
      formatRatio(medianOf(group.ratio)),
      group.estimate === null ? '–' : withRange(group.estimate.pooledFactor, group.estimate.interval),
      group.action,
      formatRatio(group.predictionFactor),
      formatPercent(group.validation?.before.underestimation.ratePct ?? null),
      formatPercent(group.validation?.after.underestimation.ratePct ?? null),
    ]),
  );
}

function reasonings({ groups }: CalibrationResult): string {
  return groups.map((group) => `- ${name(group)}: ${group.reasoning}`).join('\n');
}

function coefficientTable({ coefficients }: CalibrationResult): string {
  return markdownTable(
    ['Coefficient', 'Now', 'Proposed'],
    coefficients.map(({ path, before, after }) => [path.join('.'), String(before), String(after)]),
  );
}

function safeBudget({ safeBudget: { statement, factor, factorInUse } }: CalibrationResult): string {
  const lines = [statement];
  if (factor !== null) lines.push(`Safety factor with the proposed coefficients: ${factor}.`);
  if (factorInUse !== null) lines.push(`With the coefficients in use: ${factorInUse}.`);
  return lines.join('\n');
}

function validation({ validation: all, groups }: CalibrationResult): string {
  const rows = groups.flatMap((group) =>
    group.validation === null ? [] : [row(name(group), group.validation)],
  );
  const head = [
    'Kind',
    'Samples',
    'Underestimated before',
    'after',
    'Waste median before',
    'after',
    'Error median before',
    'after',
    'Change of error',
  ];
  const judged =
    'Every phase is judged by coefficients and a safety factor made without it. The error is that of the estimate before the safety factor.';
  return `${judged}\n\n${markdownTable(head, [...(all === null ? [] : [row('all', all)]), ...rows])}`;
}

function row(kind: string, { before, after, errorChange }: BeforeAfter): string[] {
  return [
    kind,
    formatCount(before.samples),
    rate(before.underestimation),
    rate(after.underestimation),
    formatRatio(before.wasteMedian),
    formatRatio(after.wasteMedian),
    formatPercent(before.errorMedianPct),
    formatPercent(after.errorMedianPct),
    errorChange === null ? '–' : `${errorChange.low.toFixed(1)} to ${errorChange.high.toFixed(1)} points`,
  ];
}

function ratios({ ratio, budgetRisk }: CalibrationResult): string {
  if (ratio === null) return 'No clean sample.';
  const rows = ratio.quantiles.map(({ probability, plain, plainInterval, censored }) => [
    `P${100 * probability}`,
    plainInterval === null ? formatRatio(plain) : withRange(plain, plainInterval),
    censored === null ? `above ${formatRatio(ratio.largest)}` : formatRatio(censored),
  ]);
  const risk = budgetRisk === null ? '' : `\n\nNeeded more than the limit sent: ${rate(budgetRisk)}.`;
  const counted = `${countOf(ratio.truncated, 'truncated sample')}, counted as at least what they reached (Kaplan-Meier).`;
  return `${counted}\n\n${markdownTable(['Quantile', 'Without truncated', 'With truncated'], rows)}${risk}`;
}

function drift({ drift: { comparisons, timed } }: CalibrationResult): string {
  const untimed = timed ? [] : ['Too few samples tell their time to look for a change.'];
  const found = comparisons.map(
    ({ label, sizes, factor, pValue, blocking }) =>
      `- ${label} (${sizes.join(' and ')} phases): ratios ${factor.toFixed(2)} times as large, p = ${formatP(pValue)}${blocking ? ', blocking' : ''}`,
  );
  return [...(found.length === 0 ? ['Nothing to compare.'] : found), ...untimed].join('\n');
}

function formatP(value: number): string {
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

function rate({ ratePct, interval }: RiskInterval): string {
  return `${formatPercent(ratePct)} (${interval.low.toFixed(1)} to ${interval.high.toFixed(1)})`;
}

function withRange(value: number, { low, high }: Interval): string {
  return `${formatRatio(value)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function medianOf(ratio: RatioDistribution | null): number | null {
  return ratio?.quantiles.find(({ probability }) => probability === 0.5)?.plain ?? null;
}

function name({ category, complexity }: CalibrationGroup): string {
  return `${category}/${complexity}`;
}
