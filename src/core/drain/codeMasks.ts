import { stripAnsi } from '../text/printable.ts';

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
export function restoreCodes(text: string): string {
  return text.replace(/[\ue000-\ue009]/g, (kept) => String(kept.charCodeAt(0) - firstKept));
}

function keep(digit: string): string {
  return String.fromCharCode(firstKept + Number(digit));
}

/** All patterns that are held against foreign text here, for the test that measures their growth. */
export const codePatterns: readonly RegExp[] = [doubleQuotes, singleQuotes, telling, ...codes];
