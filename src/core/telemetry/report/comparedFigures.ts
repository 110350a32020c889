import { t } from '../../text/l10n.ts';
import { noFigure } from '../../text/quantities.ts';
import type { EvidenceFigures } from '../evidence/telemetryEvidence.ts';
import type { ComparedSample, SampleComparison } from '../page/compareSamples.ts';
import type { OpenInterval } from '../statistics/interval.ts';
import { formatQuantile, formatRisk } from './reportSections.ts';

/** One figure of both, with its 95 % intervals. */
export interface ComparedFigure {
  readonly label: string;
  readonly kept: string;
  readonly shown: string;
  /** Whether the intervals lie apart; `null` where one is missing, and nothing can be said. */
  readonly apart: boolean | null;
}

/** The figures of both, in the words of the reports. Intervals that lie apart are a stricter test than one at 5 %. */
export function comparedFigures({ kept, shown }: SampleComparison): readonly ComparedFigure[] {
  const risk = (
    label: string,
    of: (sample: ComparedSample) => EvidenceFigures['truncation'],
  ): ComparedFigure => ({
    label,
    kept: formatRisk(of(kept)),
    shown: formatRisk(of(shown)),
    apart: areApart(of(kept)?.interval ?? null, of(shown)?.interval ?? null),
  });
  return [
    risk(t`Underestimated`, ({ underestimation }) => underestimation),
    risk(t`Cut off`, ({ truncation }) => truncation),
    risk(t`Needed more than the limit sent`, ({ budgetRisk }) => budgetRisk),
    ...[0.5, 0.9, 0.95].map((probability) => quantile(kept, shown, probability)),
  ];
}

function quantile(kept: ComparedSample, shown: ComparedSample, probability: number): ComparedFigure {
  const [left, right] = [kept, shown].map(({ ratio }) => {
    const found = ratio?.quantiles.find((one) => one.probability === probability);
    return ratio === null || found === undefined
      ? null
      : {
          text: formatQuantile(found, ratio.largest),
          interval: found.censored === null ? null : found.interval,
        };
  });
  return {
    label: t`Actual / predicted, P${100 * probability}`,
    kept: left?.text ?? noFigure,
    shown: right?.text ?? noFigure,
    apart: areApart(left?.interval ?? null, right?.interval ?? null),
  };
}

function areApart(a: OpenInterval | null, b: OpenInterval | null): boolean | null {
  if (a === null || b === null) return null;
  return (a.high ?? Infinity) < b.low || (b.high ?? Infinity) < a.low;
}
