import { toMarkdown, type Document, type DocumentBlock, type DocumentSection } from '../../text/document.ts';
import { contextual, t } from '../../text/l10n.ts';
import { counted, formatCount, formatPercent, formatRatio, formatDecimal } from '../../text/quantities.ts';
import type { LogFacts } from '../logs/reconcileLogs.ts';
import {
  driftLines,
  formatRatioInterval,
  formatRisk,
  ratioBlocks,
  logSection,
} from '../report/reportSections.ts';
import { missingEvidenceWords } from './calibrationGates.ts';
import { kindName } from './calibrationGroups.ts';
import type { BeforeAfter, CalibrationGroup, CalibrationResult, GateVerdict } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** A calibration as Markdown: the verdict, the gates, what would change, how it serves phases it has not seen, and what became of logs. */
export function renderCalibrationReport(result: CalibrationResult, logs?: LogFacts): string {
  const sections = [...verdictSections(result), gateSection(result)];
  if (result.quality.clean > 0) {
    sections.push(section(t`Kinds of phases`, groupTable(result), list(result.groups.map(reasoning))));
    if (result.coefficients.length > 0) sections.push(coefficientSection(result));
    sections.push(section(t`Safe budget`, list(safeBudgetLines(result))));
    if (result.validation !== null) sections.push(section(t`Before and after`, ...validation(result)));
    sections.push(section(t`Used against predicted`, ...ratios(result)));
    sections.push(section(contextual('telemetry')`Drift`, list(driftLines(result.drift))));
  }
  if (logs !== undefined) sections.push(logSection(logs));
  if (result.caveats.length > 0) sections.push(section(t`To know`, list(result.caveats)));
  return toMarkdown(calibrationDocument(result, sections));
}

function calibrationDocument(result: CalibrationResult, sections: readonly DocumentSection[]): Document {
  const { verdict, quality, phases, effect } = result;
  const [samples, of] = [counted(quality.clean, 'clean sample'), counted(phases, 'phase')];
  const verdictWords =
    verdict === 'proposed'
      ? wholeStep(result)
        ? t`Proposed, from ${samples} of ${of}. Nothing is changed until you apply it: calibrate --apply, with the .json beside this file, and --estimator.`
        : t`Proposed as a step, without a bound, from ${samples} of ${of}. Nothing is changed until you apply it: calibrate --apply, with the .json beside this file, and --estimator.`
      : t`Withheld, from ${samples} of ${of}. Nothing is proposed.`;
  const would =
    verdict === 'proposed' || result.coefficients.length === 0 ? '' : `${t`Had it not been withheld:`} `;
  const lead = effect === null ? verdictWords : `${verdictWords} ${would}${effect.summary}`;
  return { title: t`Token estimator calibration`, lead, sections };
}

function verdictSections({ verdict, reasons, toSeed }: CalibrationResult): DocumentSection[] {
  const next = missingEvidenceWords(toSeed);
  const sections = verdict === 'proposed' ? [] : [section(contextual('reasons')`Why`, list(reasons))];
  return next.length === 0 ? sections : [...sections, section(t`Next`, list(next))];
}

function gateSection({ gates }: CalibrationResult): DocumentSection {
  const rows = gates.map(({ label, verdict, detail }) => [label, gateWords()[verdict], detail]);
  return section(t`Gates`, table([t`Gate`, t`Verdict`, t`Detail`], rows), text(lookingWords()));
}

function groupTable({ groups }: CalibrationResult): DocumentBlock {
  return table(
    [
      t`Category`,
      t`Complexity`,
      t`Clean samples`,
      t`Phases`,
      t`Median used / predicted`,
      t`Unbiased estimate (95 %)`,
      t`Action`,
      t`Predictions become`,
      t`Safety factor of its own`,
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
      actionWords()[group.action],
      formatRatio(group.predictionFactor),
      group.bound.factor === null
        ? counted(group.bound.missing, 'more phase')
        : formatDecimal(group.bound.factor, 2),
    ]),
  );
}

const actionWords = (): Readonly<Record<CalibrationGroup['action'], string>> => ({
  propose: contextual('action')`propose`,
  keep: contextual('action')`keep`,
  wait: contextual('action')`wait`,
});

function reasoning(group: CalibrationGroup): string {
  return `${kindName(group)}: ${group.reasoning}`;
}

function coefficientSection({ coefficients, verdict }: CalibrationResult): DocumentSection {
  const rows = coefficients.map(({ path, before, after }) => [path.join('.'), String(before), String(after)]);
  const heading = verdict === 'proposed' ? t`Coefficients` : t`Coefficients, had it not been withheld`;
  return section(heading, table([t`Coefficient`, t`Now`, t`Proposed`], rows));
}

function validation({ validation: all, groups }: CalibrationResult): readonly DocumentBlock[] {
  const rows = groups.map((group) =>
    group.validation === null ? notJudged(group) : beforeAfterRow(kindName(group), group.validation),
  );
  const head = [
    t`Kind`,
    t`Clean samples`,
    t`Phases`,
    t`Phases underestimated before (95 %)`,
    t`after (95 %)`,
    t`Tokens per phase before`,
    t`after`,
    t`Waste median before`,
    t`after`,
    t`Waste P90 before`,
    t`after`,
    t`Error median before`,
    t`after`,
    t`Change of error (95 %)`,
  ];
  const first = all === null ? [] : [beforeAfterRow(t`all`, all)];
  return [text(validationWords()), table(head, [...first, ...rows])];
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
    errorChange === null
      ? '–'
      : t`${formatDecimal(errorChange.low, 1)} to ${formatDecimal(errorChange.high, 1)} points`,
  ];
}

function notJudged(group: CalibrationGroup): string[] {
  const unknown = Array.from({ length: 11 }, () => '–');
  return [
    kindName(group),
    formatCount(group.samples),
    formatCount(group.phases),
    t`not judged`,
    ...unknown.slice(1),
  ];
}

function ratios({ ratio, budgetRisk }: CalibrationResult): readonly DocumentBlock[] {
  const blocks = ratio === null ? [] : [...ratioBlocks(ratio)];
  if (budgetRisk === null) return blocks;
  return [...blocks, text(t`Needed more than the limit sent: ${formatRisk(budgetRisk)}.`)];
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

/** How a gate stands, in words. */
export const gateWords = (): Readonly<Record<GateVerdict, string>> => ({
  passed: t`Passed`,
  'not-passed': t`Not passed`,
  'not-judged': t`Not judged`,
});

/** What looking again after each drain does to the gates. */
export const lookingWords = (): string =>
  t`The gates are fixed, whatever the samples say. You may look after every drain: that a change is needed is tested so that all looks together are wrong in ${100 * calibrationRules.needlessChange} % of cases at most (always-valid), and the other tests hold back what is as promised in ${100 * calibrationRules.falseAlarm} % of looks each.`;

/** How the figures before and after are made. */
export const validationWords = () =>
  t`Every phase is judged by coefficients made without it, and by the safety factor that is proposed. A phase is underestimated where any of its calls is; one with a cut-off call counts so. All other figures are over clean samples. The error is that of the estimate before the safety factor.`;

/** Whether the step goes all the way to its bound. */
export function wholeStep({ safeBudget: { factor, needed } }: CalibrationResult): boolean {
  // A bound that is missed by less than one in a hundred is met.
  return factor !== null && needed !== null && needed <= factor * 1.01;
}

/** What the safety factor promises, what it does not, and what each promise still lacks. */
export function safeBudgetLines(result: CalibrationResult): readonly string[] {
  const { factor, needed, factorInUse, statement, tolerance, surePct } = result.safeBudget;
  const lines: string[] = [];
  if (needed === null || factor === null || wholeStep(result)) {
    lines.push(statement);
    if (factor !== null) lines.push(t`Safety factor with the proposed coefficients: ${factor}.`);
  } else {
    lines.push(
      t`The bound at 5 % asks for a safety factor of ${needed}; this step goes to ${factor}, so nothing is promised yet.`,
    );
  }
  if (factorInUse !== null)
    lines.push(t`With the coefficients in use a safety factor of ${factorInUse} would keep that promise.`);
  if (surePct !== null && factor !== null)
    lines.push(
      t`That is a chance for one more phase. To be 95 % sure, the factor of ${factor} serves at least ${formatPercent(surePct)} of all phases.`,
    );
  for (const { contentPct, confidencePct, factor: enough, missing } of tolerance) {
    lines.push(
      enough === null
        ? t`${confidencePct} % sure that at least ${contentPct} % of phases fit: ${counted(missing, 'more phase')} without a cut-off call needed.`
        : t`${confidencePct} % sure that at least ${contentPct} % of phases fit: safety factor ${enough}.`,
    );
  }
  return [...lines, kindLine(result)];
}

function kindLine({ groups }: CalibrationResult): string {
  const bounded = groups.flatMap((group) =>
    group.bound.factor === null ? [] : [`${kindName(group)} ${group.bound.factor}`],
  );
  if (bounded.length === 0)
    return t`The bound is over all kinds together; one of its own takes 19 phases of a kind.`;
  return t`The bound is over all kinds together. By kind, the safety factor would be: ${bounded.join(', ')}.`;
}
