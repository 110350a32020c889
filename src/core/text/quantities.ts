const grouped = new Intl.NumberFormat('en-US');
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const binaryUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1 run`, `1,200 runs`; `plural` where an `s` does not make it. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped.format(count)} ${count === 1 ? singular : plural}`;
}

/** `12,195`. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** `12.2K`, where a row has no room for more. */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** An amount of US dollars: `$1.20`, `$0.0123`; never `$0.00` for what is not nothing. */
export function formatDollars(amount: number): string {
  if (amount === 0) return '$0.00';
  if (amount >= 0.99995) return `$${money.format(amount)}`;
  return amount < 0.00005 ? '< $0.0001' : `$${amount.toFixed(4)}`;
}

/** `512 bytes`, `1.9 MiB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), binaryUnits.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${binaryUnits[power] ?? 'bytes'}`;
}
