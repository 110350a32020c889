import type { ExecutionResult } from '../model/execution.ts';
import type { PhaseKey } from '../model/phase.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import { stripAnsi } from '../text/printable.ts';
import { errorMaskVersion, errorMasks } from './errorMasks.ts';

/** What a failure is recognised by. */
export interface Failure extends PhaseKey {
  readonly outcome: ExecutionResult['outcome'];
  readonly exitCode: number | null;
  readonly error: string;
}

/**
 * The fingerprint of a failure: return-code class | masked error, the version of the masks before it
 * (`rc1|h3:<path> not found`). The state in which the phase was left is no part of it, unlike Autopack's: the same
 * error leaves phases QUEUED, EXECUTING and FAILED.
 */
export function fingerprintOf(failure: Failure): string {
  const error = maskError(failure.error, [failure.runId, failure.phaseId]);
  return `${returnCodeClass(failure)}|${errorFingerprint(error)}`;
}

/** Whether a stored fingerprint was made by these masks; others (of earlier versions, of Autopack) cannot be compared. */
export function isCurrentFingerprint(fingerprint: string): boolean {
  return new RegExp(`^[a-z0-9-]+\\|${errorMaskVersion}:`).test(fingerprint);
}

/** The fingerprint of a masked error alone, where nothing is known of how the executor ended (`h3:<path> not found`). */
export function errorFingerprint(maskedError: string): string {
  return `${errorMaskVersion}:${maskedError}`;
}

function returnCodeClass({ outcome, exitCode }: Failure): string {
  if (outcome === 'timed-out') return 'timeout';
  if (outcome === 'failed-to-start') return 'not-started';
  // 143 is how a shell reports SIGTERM; null is a signal nobody here has sent.
  return exitCode === null ? 'killed' : `rc${exitCode}`;
}

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

/** First of ten private-use characters that stand for digits which no mask may take out. */
const firstKept = 0xe000;

/** Curly and angular quotes, as translated messages and some shells have them. */
const doubleQuotes = /[“”„‟«»″]/g;
const singleQuotes = /[‘’‚‛‹›′]/g;

/** Keys of structured errors (JSON, Python's `repr`) whose values tell errors apart. */
const telling =
  /(["'])(type|__type|code|status|reason|error_code|errorcode|message|detail)\1\s{0,3}[:=]\s{0,3}(?:"((?:[^"\\\n]|\\.){0,300})"|'((?:[^'\\\n]|\\.){0,300})'|(?=[\w{["'-]))/g;

/** Numbers that are names: of an HTTP error, an error of the operating system, a signal. */
const codes: readonly RegExp[] = [
  // What stands right behind a request is the entry of an access log, where every status is one kind of line.
  /(?<!http\/\d\.\d["'] )\b(?:error code|err code|http(?:\/\d(?:\.\d)?)?|http error|status(?:[ _]code)?|response(?: code)?|(?:__)?type|code)\W{0,4}[45]\d\d\b/g,
  /(?<!exit )(?<!return )\bcode: ?["']?\d{3,6}\b/g,
  /\b[45]\d\d (?:client error|server error|too many requests|unauthorized|forbidden|not found|bad request|payment required|internal server error|bad gateway|service unavailable|gateway timeout)\b/g,
  /\b(?:winerror|errno|os error|hresult|sqlstate)[ :=[(]{0,3}-?(?:0x)?[0-9a-f]{1,8}\b/g,
  // 128 + signal, its negative, NTSTATUS values, and what shells say of commands that are not there.
  /\b(?:exit(?:ed)?(?: with)?|returned|return|non-zero|died with)(?: non-zero)?(?: exit)?(?: code| status)?\W{0,3}(?:12[67]|1[3-5]\d|129|16[0-5]|9009|322\d{7}|0xc[0-9a-f]{7})\b/g,
  /\b(?:exit|return)(?: code| status)\W{0,2}-\d{1,10}\b/g,
  /\bsignals?(?:[ .][a-z]{2,10})?\W{0,3}\d{1,2}\b/g,
];

/**
 * A text in which what names an error is safe from the masks: codes keep their digits, under other characters until
 * {@link restoreCodes}; the values of telling keys stand without quotes. Lower-case; colors and curly quotes are gone.
 */
export function protectCodes(text: string): string {
  let kept = stripAnsi(text)
    .toLowerCase()
    .replace(/[\ue000-\ue009]/g, ' ')
    .replace(doubleQuotes, '"')
    .replace(singleQuotes, "'")
    .replace(telling, (_, _quote: string, key: string, double?: string, single?: string) => {
      const value = double ?? single;
      return value === undefined
        ? `${key}: `
        : `${key}: ${value.replace(/\\./g, ' ').replace(/["'`{}]/g, ' ')} `;
    });
  for (const code of codes) kept = kept.replace(code, (found) => found.replace(/\d/g, keep));
  return kept;
}

/** Puts the digits of codes back. */
function restoreCodes(text: string): string {
  return text.replace(/[\ue000-\ue009]/g, (kept) => String(kept.charCodeAt(0) - firstKept));
}

function keep(digit: string): string {
  return String.fromCharCode(firstKept + Number(digit));
}

/** All patterns that are held against foreign text here, for the test that measures their growth. */
export const codePatterns: readonly RegExp[] = [doubleQuotes, singleQuotes, telling, ...codes];
