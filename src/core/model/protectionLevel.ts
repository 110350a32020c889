import { contextual, t } from '../text/l10n.ts';

/**
 * How much it takes to write a database, from the least to the most: `open` asks for bulk changes only, `ask` before every
 * write, `confirm` has the name of the database typed, and `read-only` is not written until a human lowers it.
 */
export const protectionLevels = ['open', 'ask', 'confirm', 'read-only'] as const;

/** One of {@link protectionLevels}. */
export type ProtectionLevel = (typeof protectionLevels)[number];

/** A level in words. */
export const levelNames = (): Readonly<Record<ProtectionLevel, string>> => ({
  open: contextual('level')`Open`,
  ask: contextual('level')`Ask`,
  confirm: contextual('level')`Confirm`,
  'read-only': t`Read-Only`,
});

/** What a level means, as the end of a sentence about the database. */
export const levelMeanings = (): Readonly<Record<ProtectionLevel, string>> => ({
  open: t`asks before bulk changes only`,
  ask: t`asks before every write`,
  confirm: t`a person types its name before every write`,
  'read-only': t`nothing is written until a person lowers the protection`,
});

/** Whether a database of the first level takes more to be written than one of the second. */
export function isStricter(level: ProtectionLevel, than: ProtectionLevel): boolean {
  return protectionLevels.indexOf(level) > protectionLevels.indexOf(than);
}

/** A level by its stored name. One that is not known, of a newer version or forged, is the strictest. */
export function parseLevel(stored: string): ProtectionLevel {
  return protectionLevels.find((level) => level === stored) ?? 'read-only';
}
