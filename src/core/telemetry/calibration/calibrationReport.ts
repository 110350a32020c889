import type { Document, DocumentBlock, DocumentSection } from '../document/document.ts';
import { toMarkdown } from '../document/toMarkdown.ts';
import { driftLines, formatRatioInterval, formatRisk, ratioBlocks } from '../evidence/evidenceSection.ts';
import { formatPercent, formatRatio } from '../formatFigures.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import { logSection } from '../reconcile/logSection.ts';
import type { LogFacts } from '../reconcile/withLogs.ts';
import type {
  BeforeAfter,
  CalibrationGateId,
  CalibrationGroup,
  CalibrationResult,
} from './calibrationProposal.ts';

/** A calibration as Markdown: the verdict, the gates, what would change, how it serves phases it has not seen, and what became of logs. */
export function renderCalibrationReport(result: CalibrationResult, logs?: LogFacts): string {
  const sections = [...verdictSections(result), section('Gates', gateTable(result))];
  if (result.quality.clean > 0) {
    sections.push(section('Kinds of phases', groupTable(result), list(result.groups.map(reasoning))));
    if (result.coefficients.length > 0) sections.push(section('Coefficients', coefficientTable(result)));
    sections.push(section('Safe budget', list(safeBudgetLines(result))));
    if (result.validation !== null) sections.push(section('Before and after', ...validation(result)));
    sections.push(section('Used against predicted', ...ratios(result)));
    sections.push(section('Drift', list(driftLines(result.drift))));
  }
  if (logs !== undefined) sections.push(logSection(logs));
  if (result.caveats.length > 0) sections.push(section('To know', list(result.caveats)));
  return toMarkdown(calibrationDocument(result, sections));
}

function calibrationDocument(
  { verdict, quality, phases }: CalibrationResult,
  sections: readonly DocumentSection[],
): Document {
  const basis = `${counted(quality.clean, 'clean sample')} of ${counted(phases, 'phase')}`;
  const lead =
    verdict === 'proposed'
      ? `Proposed, from ${basis}. Nothing is changed until you apply it: calibrate --apply, with the .json beside this file, and --estimator.`
      : `Withheld, from ${basis}. Nothing is proposed.`;
  return { title: 'Token estimator calibration', lead, sections };
}

const bySamples: readonly CalibrationGateId[] = ['clean-samples', 'group-samples', 'coverage'];

function verdictSections({ verdict, reasons, gates }: CalibrationResult): DocumentSection[] {
  if (verdict === 'proposed') return [];
  const short = gates.some(({ id, passed }) => !passed && bySamples.includes(id));
  const next = 'To collect what is missing: seed --targeted, then drain, then calibrate again.';
  return [section('Why', list(reasons), ...(short ? [{ kind: 'text', text: next } as const] : []))];
}

function gateTable({ gates }: CalibrationResult): DocumentBlock {
  return table(
    ['Gate', 'Verdict', 'Detail'],
    gates.map(({ label, passed, detail }) => [label, passed ? 'Passed' : 'Not passed', detail]),
  );
}

function groupTable({ groups }: CalibrationResult): DocumentBlock {
  return table(
    [
      'Category',
      'Complexity',
      'Clean',
      'Phases',
      'Median used / predicted',
      'Unbiased estimate',
      'Action',
      'Predictions become',
    ],
    groups.map((group) => [
      group.category,
      group.complexity,
      formatCount(group.samples),
      formatCount(group.phases),
      formatRatio(medianOf(group)),
      group.estimate === null
        ? '–'
        : formatRatioInterval(group.estimate.pooledFactor, group.estimate.interval),
      group.action,
      formatRatio(group.predictionFactor),
    ]),
  );
}

function reasoning(group: CalibrationGroup): string {
  return `${name(group)}: ${group.reasoning}`;
}

function coefficientTable({ coefficients }: CalibrationResult): DocumentBlock {
  return table(
    ['Coefficient', 'Now', 'Proposed'],
    coefficients.map(({ path, before, after }) => [path.join('.'), String(before), String(after)]),
  );
}

function safeBudgetLines({ safeBudget: { statement, factor, factorInUse } }: CalibrationResult): string[] {
  const lines = [statement];
  if (factor !== null) lines.push(`Safety factor with the proposed coefficients: ${factor}.`);
  if (factorInUse !== null) lines.push(`With the coefficients in use: ${factorInUse}.`);
  return lines;
}

function validation({ validation: all, groups }: CalibrationResult): readonly DocumentBlock[] {
  const rows = groups.flatMap((group) =>
    group.validation === null ? [] : [beforeAfterRow(name(group), group.validation)],
  );
  const judged =
    'Every phase is judged by coefficients and a safety factor made without it. The error is that of the estimate before the safety factor.';
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
  const first = all === null ? [] : [beforeAfterRow('all', all)];
  return [{ kind: 'text', text: judged }, table(head, [...first, ...rows])];
}

function beforeAfterRow(kind: string, { before, after, errorChange }: BeforeAfter): string[] {
  return [
    kind,
    formatCount(before.samples),
    formatRisk(before.underestimation),
    formatRisk(after.underestimation),
    formatRatio(before.wasteMedian),
    formatRatio(after.wasteMedian),
    formatPercent(before.errorMedianPct),
    formatPercent(after.errorMedianPct),
    errorChange === null ? '–' : `${errorChange.low.toFixed(1)} to ${errorChange.high.toFixed(1)} points`,
  ];
}

function ratios({ ratio, budgetRisk }: CalibrationResult): readonly DocumentBlock[] {
  const blocks = ratio === null ? [] : [...ratioBlocks(ratio)];
  if (budgetRisk === null) return blocks;
  return [...blocks, { kind: 'text', text: `Needed more than the limit sent: ${formatRisk(budgetRisk)}.` }];
}

function medianOf({ ratio }: CalibrationGroup): number | null {
  return ratio?.quantiles.find(({ probability }) => probability === 0.5)?.plain ?? null;
}

function name({ category, complexity }: CalibrationGroup): string {
  return `${category}/${complexity}`;
}

function section(heading: string, ...blocks: DocumentBlock[]): DocumentSection {
  return { heading, blocks };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): DocumentBlock {
  return { kind: 'table', head, rows };
}

function list(items: readonly string[]): DocumentBlock {
  return { kind: 'list', items };
}
