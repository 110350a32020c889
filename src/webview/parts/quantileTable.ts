import { formatRatioInterval } from '../../core/telemetry/report/reportSections.ts';
import { formatRatio } from '../../core/text/formatFigures.ts';
import type { RatioCurves } from '../../core/telemetry/page/ratioCurves.ts';
import { dataTable } from './dataTable.ts';

/** The quantiles of both curves, beside each other. */
export function quantileTable({ quantiles, censored }: RatioCurves): Node {
  const largest = censored.at(-1)?.ratio ?? null;
  const beyond = `above ${formatRatio(largest)}`;
  return dataTable(
    'Quantiles of actual / predicted',
    [
      { label: 'Quantile' },
      { label: 'Clean samples alone', numeric: true },
      { label: 'Truncated as lower bounds (95 %)', numeric: true },
    ],
    quantiles.map(({ probability, plain, censored: bounded, interval }) => [
      `P${Math.round(100 * probability)}`,
      formatRatio(plain),
      bounded === null ? beyond : formatRatioInterval(bounded, interval),
    ]),
  );
}
