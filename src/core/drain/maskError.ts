import { maskSecrets } from '../text/maskSecrets.ts';
import { protectCodes, restoreCodes } from './codeMasks.ts';
import { errorMasks } from './errorMasks.ts';

/** Longer texts are cut before they are masked, to bound the work. */
const longestError = 2000;

/** What tells failures apart is rarely behind this many characters. */
const longestPattern = 200;

/** Two settle nearly every text. */
const mostPasses = 8;

/** Shorter ids (`1`, `p1`) say nothing, and hit other words. */
const shortestId = 4;

/**
 * An error text without what differs between occurrences of one failure; `ids` are the ids of run and phase.
 * Equal results mean the same failure, as far as masks can tell. At most 200 characters, lower case.
 */
export function maskError(text: string, ids: readonly string[] = []): string {
  return maskPrepared(withoutIds(text, ids));
}

/** The first half of {@link maskError}: cut, in lower case, error codes kept from the masks, without the ids of run and phase. */
export function withoutIds(text: string, ids: readonly string[]): string {
  let prepared = squeeze(protectCodes(maskSecrets(text.slice(0, longestError))));
  for (const id of [...ids].sort((a, b) => b.length - a.length)) {
    if (id.length >= shortestId) prepared = replaceWord(prepared, id.toLowerCase(), '<id>');
  }
  return prepared;
}

/** The second half of {@link maskError}. Digits change nothing of what it makes of a text but those of codes, which the first has hidden. */
export function maskPrepared(prepared: string): string {
  let masked = prepared;
  // What a mask takes out may let another one see what is beside it; then the result, masked again, would differ.
  for (let pass = 0; pass < mostPasses; pass++) {
    const next = maskOnce(masked);
    if (next === masked) break;
    masked = next;
  }
  return restoreCodes(masked);
}

function maskOnce(text: string): string {
  let masked = text;
  for (const { pattern, replacement } of errorMasks) masked = masked.replace(pattern, replacement);
  return cut(joinValues(masked));
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Replaces a word where it stands alone: an id may also be part of another one, of a path or of a dotted name. */
function replaceWord(text: string, word: string, replacement: string): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, from)) {
    const end = at + word.length;
    const standsAlone =
      !/[\w./\\-]/.test(text.charAt(at - 1)) && !/^(?:[\w/\\-]|\.\w)/.test(text.slice(end, end + 2));
    result += text.slice(from, at) + (standsAlone ? replacement : word);
    from = end;
  }
  return result + text.slice(from);
}

/**
 * Makes one of values that stand together: how many items a list has, or whether a size is given twice (`1165 bytes (1.13 KB)`),
 * tells nothing. Then one thing and several of it read alike (`1 test failed`, `2 tests failed`).
 */
function joinValues(masked: string): string {
  return masked
    .replace(/(<[a-z]{1,8}>) ?\((?:<[a-z]{1,8}>|[ ,/:])*\)/g, '$1')
    .replace(/(<[a-z]{1,8}>)(?:[ ,;:/|.+*-]*<[a-z]{1,8}>)+/g, '$1')
    .replace(/(<n> [a-z]{2,30}[a-rtv-z])s\b/g, '$1');
}

/** Cuts where no placeholder is torn. */
function cut(masked: string): string {
  const short = masked.slice(0, longestPattern);
  return (masked.length > longestPattern ? short.replace(/<[a-z]*$|[\ue000-\ue009]+$/, '') : short).trim();
}
