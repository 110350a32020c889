import { maskedJson } from '../../core/text/maskSecrets.ts';

/** JSON that a server takes whatever texts are in it: without secrets, zeros and halves of characters. */
export function serverJson(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    const masked: unknown = maskedJson(key, each);
    return typeof masked === 'string'
      ? masked.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{FFFD}')
      : masked;
  });
}
