import { matchWords } from '../model/phaseFilter.ts';
import type { DrainRequest } from './drainOptions.ts';

/**
 * What a drain is limited to, in words: `FAILED, "auth", tests or docs`; `null` where any phase may be taken. A run and
 * chosen phases are not named: every step tells them.
 */
export function limitedTo({ states, match }: Pick<DrainRequest, 'states' | 'match'>): string | null {
  const words = [
    ...(states === null || states === undefined ? [] : [states.join(' or ')]),
    ...(match === null || match === undefined ? [] : matchWords(match)),
  ];
  return words.length === 0 ? null : words.join(', ');
}
