import { type Mend, mendText } from '../../core/identity/fix.ts';

/** A mend as the editor offers it: it has a place of its own for keys, and other programs get them by variables. */
export function mendLabel(mend: Mend): string {
  return mend.kind === 'set-api-key' ? `Set the API key of ${mend.url}.` : mendText(mend);
}
