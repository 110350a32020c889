import { contextual, translate } from './l10n.ts';

/** Made with their first use: each takes longer than most of our modules together. */
let grouped: Intl.NumberFormat | undefined;
let compact: Intl.NumberFormat | undefined;
const binaryUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/**
 * `1 run`, `1,200 runs`; `plural` where an `s` does not make it. Both are translated as they stand, as `{0} run` and
 * `{0} runs`.
 */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return translate(`{0} ${count === 1 ? singular : plural}`, [formatCount(count)]);
}

/** `12,195`; where a comma begins the decimals, with what the language has in its place: in German a narrow space that breaks no line. */
export function formatCount(count: number): string {
  grouped ??= new Intl.NumberFormat('en-US');
  return grouped.format(count).replaceAll(',', contextual('thousands')`,`);
}

/** `1.35`, with as many decimals as told, behind the mark of the language: in German a comma. */
export function formatDecimal(value: number, digits: number): string {
  return withMark(value.toFixed(digits));
}

/** `0.125`, `1,200.5`: as many decimals as it has, up to as many as told. */
export function formatNumber(value: number, mostDigits: number): string {
  const [whole = '', decimals] = value
    .toLocaleString('en-US', { maximumFractionDigits: mostDigits })
    .replaceAll(',', contextual('thousands')`,`)
    .split('.');
  return decimals === undefined ? whole : withMark(`${whole}.${decimals}`);
}

/** `12.2K`, where a row has no room for more. */
export function formatCompact(count: number): string {
  compact ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return withMark(compact.format(count));
}

function withMark(number: string): string {
  return number.replace('.', contextual('decimals')`.`);
}

/** An amount of US dollars: `$1.20`, `$0.0123`; never `$0.00` for what is not nothing. */
export function formatDollars(amount: number): string {
  if (amount === 0) return `$${formatDecimal(0, 2)}`;
  if (amount >= 0.99995) {
    const [whole = '', cents = ''] = amount.toFixed(2).split('.');
    return `$${formatCount(Number(whole))}${contextual('decimals')`.`}${cents}`;
  }
  return `${amount < 0.00005 ? '< ' : ''}$${formatDecimal(Math.max(amount, 0.0001), 4)}`;
}

/** `512 bytes`, `1.9 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), binaryUnits.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : formatDecimal(value, 1)} ${binaryUnits[power] ?? 'bytes'}`;
}

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
    if (Number(shown) !== limit && (digits > 1 || value >= 0.05 || value === 0))
      return `${withMark(shown)} %`;
  }
  return value > 0 && value < 0.05 ? `< ${formatDecimal(0.1, 1)} %` : `${formatDecimal(value, 1)} %`;
}

/** A ratio with two decimals: `1.35 x`. */
export function formatRatio(value: number | null): string {
  return value === null ? noFigure : `${formatDecimal(value, 2)} x`;
}
