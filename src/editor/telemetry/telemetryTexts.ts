import type {
  CalibrationResult,
  CoefficientChange,
  PredictionFigures,
} from '../../core/telemetry/calibration/calibrationProposal.ts';
import { coefficientUnit } from '../../core/telemetry/estimator/estimator.ts';
import { conditionsOf } from '../../core/telemetry/page/telemetryFilter.ts';
import { t } from '../../core/text/l10n.ts';
import {
  counted,
  formatCount,
  formatPercent,
  formatRatio,
  formatNumber,
} from '../../core/text/quantities.ts';
import type { ExportedSamples } from '../../reader/exportChunks.ts';
import type { TelemetryPageMessage } from '../../protocol/telemetryProtocol.ts';

/** More lines than this make a dialog that nobody reads. */
const mostListed = 12;

/** What applying a proposal changes, as lines: the coefficients and the figures before and after, the file, and what is kept. */
export function applyingDetail(path: string, { coefficients, validation }: CalibrationResult): string[] {
  const listed = coefficients.slice(0, mostListed).map(changeLine);
  const rest = coefficients.length - listed.length;
  if (rest > 0) listed.push(t`and ${counted(rest, 'coefficient')} more, as the page shows`);
  const figures =
    validation === null
      ? []
      : [
          figureLine(t`Phases underestimated`, validation, ({ underestimation }) =>
            formatPercent(underestimation.ratePct),
          ),
          figureLine(t`Tokens per phase`, validation, ({ tokensPerPhase }) =>
            formatCount(Math.round(tokensPerPhase)),
          ),
          figureLine(t`Waste, median`, validation, ({ wasteMedian }) => formatRatio(wasteMedian)),
          figureLine(t`Waste, P90`, validation, ({ wasteP90 }) => formatRatio(wasteP90)),
          figureLine(t`Error, median`, validation, ({ errorMedianPct }) => formatPercent(errorMedianPct)),
        ];
  const effect = figures.length === 0 ? [] : ['', t`On phases not seen before:`, ...figures];
  return [
    ...listed,
    ...effect,
    '',
    t`File: ${path}`,
    t`The current file is kept beside it, as a .bak file with the time.`,
  ];
}

function changeLine({ path, before, after }: CoefficientChange): string {
  const number = (value: number): string => formatNumber(value, 3);
  return `${path.join('.')}: ${number(before)} → ${number(after)} ${coefficientUnit(path)}`;
}

function figureLine(
  name: string,
  { before, after }: { readonly before: PredictionFigures; readonly after: PredictionFigures },
  text: (figures: PredictionFigures) => string,
): string {
  return `${name}: ${text(before)} → ${text(after)}`;
}

/** What a page asks to be exported. */
export type ExportRequest = Omit<Extract<TelemetryPageMessage, { kind: 'export' }>, 'kind' | 'version'>;

/**
 * What a person reads of a finished export: where it is, how much of the database is in it, and where the filter is saved.
 * `file` and `note` are names, `note` is `null` without one.
 */
export function exportedWords(
  { filter, shown }: Pick<ExportRequest, 'filter' | 'shown'>,
  file: string,
  { samples, of, state }: ExportedSamples,
  note: string | null,
): string {
  if (conditionsOf(filter) === 0) return t`Exported to ${file}.`;
  const parts = [t`Exported to ${file}: ${formatCount(samples)} of ${counted(of, 'sample')}.`];
  if (note !== null) parts.push(t`The filter is saved in ${note}.`);
  if (state !== null && state !== shown.state) {
    parts.push(t`The database has changed since the page showed ${formatCount(shown.samples)} of them.`);
  }
  return parts.join(' ');
}
