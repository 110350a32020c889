import type { DocumentBlock, DocumentSection } from '../../text/document.ts';
import { reasonName } from '../page/sampleWords.ts';
import { t } from '../../text/l10n.ts';
import {
  counted,
  formatCount,
  formatPercent,
  formatRatio,
  noFigure,
  formatDecimal,
} from '../../text/quantities.ts';
import type { TelemetryAnalysis } from '../analysis/telemetryAnalysis.ts';
import type { RatioDistribution, RatioQuantile } from '../evidence/describeRatios.ts';
import type { DriftFigures } from '../evidence/findDrift.ts';
import type { RiskInterval } from '../evidence/riskInterval.ts';
import type { EvidenceFigures, TelemetryEvidence } from '../evidence/telemetryEvidence.ts';
import type { LogFacts } from '../logs/reconcileLogs.ts';
import { describeFilter, type TelemetryFilter } from '../page/telemetryFilter.ts';
import type { SuspectSample } from '../samples/suspects.ts';
import type { OpenInterval } from '../statistics/interval.ts';

/** The section of a report that says how sure the figures are. */
export function evidenceSection(evidence: TelemetryEvidence): DocumentSection {
  const { ratio, models, drift } = evidence;
  const blocks: DocumentBlock[] = [
    {
      kind: 'text',
      text: t`Clean samples alone, with 95 % intervals; calls of one phase count as repeats, not as independent.`,
    },
    riskTable([[t`All`, evidence], ...models.map((model) => [model.model, model] as const)]),
  ];
  if (ratio !== null) blocks.push(...ratioBlocks(ratio));
  blocks.push({ kind: 'list', items: driftLines(drift) });
  return { heading: t`Evidence`, blocks };
}

/** A rate with its interval: `5.0 % (1.2 to 12.4)`. */
export function formatRisk(risk: RiskInterval | null): string {
  if (risk === null) return formatPercent(null);
  return t`${formatPercent(risk.ratePct)} (${formatDecimal(risk.interval.low, 1)} to ${formatDecimal(risk.interval.high, 1)})`;
}

/** A ratio with its interval, where there is one: `1.35 x (1.20 to 1.52)`, `1.35 x (at least 1.20)`. */
export function formatRatioInterval(ratio: number, interval: OpenInterval | null): string {
  if (interval === null) return formatRatio(ratio);
  const { low, high } = interval;
  const range =
    high === null
      ? t`at least ${formatDecimal(low, 2)}`
      : t`${formatDecimal(low, 2)} to ${formatDecimal(high, 2)}`;
  return `${formatRatio(ratio)} (${range})`;
}

/**
 * A quantile with what truncated samples tell: `1.35 x (1.20 to 1.52)`, or `above 3.15 x` where so many were cut off that the
 * curve never gets there; it is then above all that was seen, `largest`, which a truncated sample reached.
 */
export function formatQuantile({ censored, interval }: RatioQuantile, largest: number): string {
  return censored === null ? t`above ${formatRatio(largest)}` : formatRatioInterval(censored, interval);
}

/** The quantiles of actual / predicted as a table, without and with what truncated samples tell. */
export function ratioBlocks(ratio: RatioDistribution): readonly DocumentBlock[] {
  const rows = ratio.quantiles.map((quantile) => [
    `P${100 * quantile.probability}`,
    formatRatio(quantile.plain),
    formatQuantile(quantile, ratio.largest),
  ]);
  const bounds = t`Used / predicted. ${counted(ratio.truncated, 'truncated sample')}, counted as at least what they reached (Kaplan-Meier). Intervals are over whole phases: P90 takes 36 of them, P95 72. They are wider where some kinds are known by cut-off calls only, and have no upper end where too many calls were cut off to tell one. Quantiles are of type 2 (Hyndman and Fan).`;
  return [
    { kind: 'text', text: bounds },
    { kind: 'table', head: [t`Quantile`, t`Without truncated`, t`With truncated`], rows },
  ];
}

/** What was compared, in a line each. */
export function driftLines({ comparisons, timed, alarm }: DriftFigures): readonly string[] {
  const lines = comparisons.map(({ label, sizes, factor, pValue, blocking }) => {
    const [which, difference] = [sizes.join(t` and `), differenceWords(factor)];
    return blocking
      ? t`${label} (${which} phases): ${difference}, ${formatP(pValue)}: too different for one calibration.`
      : t`${label} (${which} phases): ${difference}, ${formatP(pValue)}.`;
  });
  if (lines.length === 0) lines.push(t`Too few phases to compare models or times.`);
  else if (!timed) lines.push(t`Too few samples have a time to look for a change.`);
  if (alarm !== null) {
    const since = new Date(alarm.since).toISOString().slice(0, 10);
    lines.push(
      alarm.direction === 'up'
        ? t`Used / predicted has risen since about ${since} (CUSUM).`
        : t`Used / predicted has fallen since about ${since} (CUSUM).`,
    );
  }
  return lines;
}

function riskTable(rows: readonly (readonly [string, EvidenceFigures])[]): DocumentBlock {
  return {
    kind: 'table',
    head: [
      t`Model`,
      t`Clean`,
      t`Truncated`,
      t`Underestimated`,
      t`Cut off`,
      t`Needed more than the limit sent`,
      t`Median used / predicted`,
    ],
    rows: rows.map(([name, { underestimation, truncation, budgetRisk, ratio }]) => {
      const median = ratio?.quantiles.find(({ probability }) => probability === 0.5);
      return [
        name,
        formatCount(underestimation?.samples ?? 0),
        formatCount(truncation?.count ?? 0),
        formatRisk(underestimation),
        formatRisk(truncation),
        formatRisk(budgetRisk),
        ratio === null || median === undefined ? noFigure : formatQuantile(median, ratio.largest),
      ];
    }),
  };
}

/** Which way, and how far: `ratios 1.25 times as large`. */
export function differenceWords(factor: number): string {
  if (Math.abs(factor - 1) < 0.005) return t`ratios are the same`;
  return factor > 1
    ? t`ratios ${formatDecimal(factor, 2)} times as large, so higher`
    : t`ratios ${formatDecimal(factor, 2)} times as large, so lower`;
}

/** `p < 0.001`, `p = 0.042`. */
export function formatP(value: number): string {
  return value < 0.001 ? 'p < 0.001' : `p = ${formatDecimal(value, 3)}`;
}

/** The figures of the samples that a filter leaves. */
export interface FilteredFigures {
  readonly filter: TelemetryFilter;
  readonly selected: TelemetryAnalysis;
}

/** The section of a report that says which samples it is about; `samples` is how many there are in all. */
export function filterSection({ filter, selected }: FilteredFigures, samples: number): DocumentSection {
  const left = t`${formatCount(selected.samples)} of ${counted(samples, 'sample')}`;
  return {
    heading: t`Filter`,
    blocks: [
      {
        kind: 'text',
        text: t`In this report: ${left}. The gates and what to do next are of all of them, for a filter opens no gate.`,
      },
      { kind: 'list', items: describeFilter(filter).map(({ name, words }) => `${name}: ${words}`) },
    ],
  };
}

/** The section of the report about the logs. */
export function logSection(facts: LogFacts): DocumentSection {
  const rows = [
    [t`Calls found only in the logs`, facts.added],
    [t`Calls that the database holds too, counted once`, facts.inDatabase],
    [t`Lines of runs that were captured twice, left out`, facts.repeated],
    [t`Damaged lines, left out`, facts.damaged],
  ] as const;
  const blocks: DocumentBlock[] = [
    { kind: 'text', text: t`${counted(facts.lines, 'sample')} read from ${counted(facts.files, 'file')}.` },
    {
      kind: 'table',
      head: [t`Logs`, t`Lines`],
      rows: rows.map(([what, count]) => [what, formatCount(count)]),
    },
  ];
  return { heading: t`Logs`, blocks: [...blocks, ...conflictBlocks(facts)] };
}

function conflictBlocks({ conflicts }: LogFacts): DocumentBlock[] {
  if (conflicts.length === 0) return [];
  const rows = conflicts.flatMap(({ log, line, runId, phaseId, conflicts: fields }) =>
    fields.map(({ field, log: inLog, database }) => [
      `${log}:${line}`,
      `${runId} ${phaseId}`,
      field,
      inLog,
      database,
    ]),
  );
  return [
    { kind: 'text', text: t`The logs contradict the database on these calls, so they are no evidence:` },
    { kind: 'table', head: [t`Line`, t`Phase`, t`Field`, t`Log`, t`Database`], rows },
  ];
}

/** The suspect samples one by one; `total` is how many there are. */
export function suspectSection(listed: readonly SuspectSample[], total: number): DocumentSection {
  const heading = t`Suspect samples`;
  if (total === 0) return { heading, blocks: [{ kind: 'text', text: t`None.` }] };
  const rows = listed.map((one) => [
    one.runId,
    one.phaseId,
    one.timestamp === null ? '–' : new Date(one.timestamp).toISOString(),
    one.category,
    one.predicted === null ? '–' : formatCount(one.predicted),
    one.actual === null ? '–' : formatCount(one.actual),
    one.reasons.map(reasonName).join(', '),
  ]);
  const head = [t`Run`, t`Phase`, t`Time`, t`Category`, t`Predicted`, t`Actual`, t`Reasons`];
  const rest = total - listed.length;
  const more: DocumentBlock[] =
    rest > 0 ? [{ kind: 'text', text: t`${counted(rest, 'more suspect sample')} not listed.` }] : [];
  return { heading, blocks: [{ kind: 'table', head, rows }, ...more] };
}
