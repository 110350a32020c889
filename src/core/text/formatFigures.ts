/** What stands where there is no figure. */
export const noFigure = '–';

/**
 * A percentage with one decimal: `27.4 %`. One that is not zero is never shown as `0.0 %`. Near `limit` it has as many
 * decimals as it takes to see on which side it is: `5.04 %` of at most 5.
 */
export function formatPercent(value: number | null, limit?: number): string {
  if (value === null) return noFigure;
  for (let digits = 1; limit !== undefined && value !== limit && digits <= 6; digits += 1) {
    const shown = value.toFixed(digits);
    if (Number(shown) !== limit && (digits > 1 || value >= 0.05 || value === 0)) return `${shown} %`;
  }
  return value > 0 && value < 0.05 ? '< 0.1 %' : `${value.toFixed(1)} %`;
}

/** A ratio with two decimals: `1.35 x`. */
export function formatRatio(value: number | null): string {
  return value === null ? noFigure : `${value.toFixed(2)} x`;
}
