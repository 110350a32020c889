import type { Document, DocumentBlock, DocumentSection } from '../document/document.ts';
import { toMarkdown } from '../document/toMarkdown.ts';
import { driftLines, formatRatioInterval, formatRisk, ratioBlocks } from '../evidence/evidenceSection.ts';
import { formatPercent, formatRatio } from '../formatFigures.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import { logSection } from '../reconcile/logSection.ts';
import type { LogFacts } from '../reconcile/withLogs.ts';
import { kindName } from './calibrationGroups.ts';
import type { BeforeAfter, CalibrationGroup, CalibrationResult } from './calibrationProposal.ts';
import { gateWords, lookingWords, safeBudgetLines, validationWords, wholeStep } from './calibrationWords.ts';
import { missingEvidenceWords } from './missingEvidence.ts';

/** A calibration as Markdown: the verdict, the gates, what would change, how it serves phases it has not seen, and what became of logs. */
export function renderCalibrationReport(result: CalibrationResult, logs?: LogFacts): string {
  const sections = [...verdictSections(result), gateSection(result)];
  if (result.quality.clean > 0) {
    sections.push(section('Kinds of phases', groupTable(result), list(result.groups.map(reasoning))));
    if (result.coefficients.length > 0) sections.push(coefficientSection(result));
    sections.push(section('Safe budget', list(safeBudgetLines(result))));
    if (result.validation !== null) sections.push(section('Before and after', ...validation(result)));
    sections.push(section('Used against predicted', ...ratios(result)));
    sections.push(section('Drift', list(driftLines(result.drift))));
  }
  if (logs !== undefined) sections.push(logSection(logs));
  if (result.caveats.length > 0) sections.push(section('To know', list(result.caveats)));
  return toMarkdown(calibrationDocument(result, sections));
}

function calibrationDocument(result: CalibrationResult, sections: readonly DocumentSection[]): Document {
  const { verdict, quality, phases, effect } = result;
  const basis = `${counted(quality.clean, 'clean sample')} of ${counted(phases, 'phase')}`;
  const verdictWords =
    verdict === 'proposed'
      ? `Proposed${wholeStep(result) ? '' : ' as a step, without a bound'}, from ${basis}. Nothing is changed until you apply it: calibrate --apply, with the .json beside this file, and --estimator.`
      : `Withheld, from ${basis}. Nothing is proposed.`;
  const would =
    verdict === 'proposed' || result.coefficients.length === 0 ? '' : 'Had it not been withheld: ';
  const lead = effect === null ? verdictWords : `${verdictWords} ${would}${effect.summary}`;
  return { title: 'Token estimator calibration', lead, sections };
}

function verdictSections({ verdict, reasons, toSeed }: CalibrationResult): DocumentSection[] {
  const next = missingEvidenceWords(toSeed);
  const sections = verdict === 'proposed' ? [] : [section('Why', list(reasons))];
  return next.length === 0 ? sections : [...sections, section('Next', list(next))];
}

function gateSection({ gates }: CalibrationResult): DocumentSection {
  const rows = gates.map(({ label, verdict, detail }) => [label, gateWords[verdict], detail]);
  return section('Gates', table(['Gate', 'Verdict', 'Detail'], rows), text(lookingWords));
}

function groupTable({ groups }: CalibrationResult): DocumentBlock {
  return table(
    [
      'Category',
      'Complexity',
      'Clean samples',
      'Phases',
      'Median used / predicted',
      'Unbiased estimate (95 %)',
      'Action',
      'Predictions become',
      'Safety factor of its own',
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
      group.bound.factor === null
        ? counted(group.bound.missing, 'more phase')
        : group.bound.factor.toFixed(2),
    ]),
  );
}

function reasoning(group: CalibrationGroup): string {
  return `${kindName(group)}: ${group.reasoning}`;
}

function coefficientSection({ coefficients, verdict }: CalibrationResult): DocumentSection {
  const rows = coefficients.map(({ path, before, after }) => [path.join('.'), String(before), String(after)]);
  const heading = verdict === 'proposed' ? 'Coefficients' : 'Coefficients, had it not been withheld';
  return section(heading, table(['Coefficient', 'Now', 'Proposed'], rows));
}

function validation({ validation: all, groups }: CalibrationResult): readonly DocumentBlock[] {
  const rows = groups.map((group) =>
    group.validation === null ? notJudged(group) : beforeAfterRow(kindName(group), group.validation),
  );
  const head = [
    'Kind',
    'Clean samples',
    'Phases',
    'Phases underestimated before (95 %)',
    'after (95 %)',
    'Tokens per phase before',
    'after',
    'Waste median before',
    'after',
    'Waste P90 before',
    'after',
    'Error median before',
    'after',
    'Change of error (95 %)',
  ];
  const first = all === null ? [] : [beforeAfterRow('all', all)];
  return [text(validationWords), table(head, [...first, ...rows])];
}

function beforeAfterRow(kind: string, { before, after, errorChange }: BeforeAfter): string[] {
  return [
    kind,
    formatCount(before.samples),
    formatCount(before.underestimation.samples),
    formatRisk(before.underestimation),
    formatRisk(after.underestimation),
    formatCount(Math.round(before.tokensPerPhase)),
    formatCount(Math.round(after.tokensPerPhase)),
    formatRatio(before.wasteMedian),
    formatRatio(after.wasteMedian),
    formatRatio(before.wasteP90),
    formatRatio(after.wasteP90),
    formatPercent(before.errorMedianPct),
    formatPercent(after.errorMedianPct),
    errorChange === null ? '–' : `${errorChange.low.toFixed(1)} to ${errorChange.high.toFixed(1)} points`,
  ];
}

function notJudged(group: CalibrationGroup): string[] {
  const unknown = Array.from({ length: 11 }, () => '–');
  return [
    kindName(group),
    formatCount(group.samples),
    formatCount(group.phases),
    'not judged',
    ...unknown.slice(1),
  ];
}

function ratios({ ratio, budgetRisk }: CalibrationResult): readonly DocumentBlock[] {
  const blocks = ratio === null ? [] : [...ratioBlocks(ratio)];
  if (budgetRisk === null) return blocks;
  return [...blocks, text(`Needed more than the limit sent: ${formatRisk(budgetRisk)}.`)];
}

function medianOf({ ratio }: CalibrationGroup): number | null {
  return ratio?.quantiles.find(({ probability }) => probability === 0.5)?.censored ?? null;
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

function text(words: string): DocumentBlock {
  return { kind: 'text', text: words };
}
