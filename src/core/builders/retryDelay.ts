/** A server that asks for more means tomorrow, which is no delay. */
const longestMs = 24 * 60 * 60 * 1000;

/** Headers of an answer: `null` where there is none of that name, in lower case. */
export type HeaderReader = (name: string) => string | null;

/**
 * How long a server asks to wait before another request, in ms; `null` where it does not say. Looked at in this order:
 * `retry-after-ms`, `retry-after` (seconds, or a date as of RFC 9110), the resets of rate limits as OpenAI, Anthropic and
 * OpenRouter send them, Google's `retryDelay`, and what the message of the error says.
 */
export function retryDelayOf(header: HeaderReader, body: string, now: number): number | null {
  const delay =
    numberIn(header('retry-after-ms')) ??
    secondsOrDate(header('retry-after'), now) ??
    resetOf(header, now) ??
    epochOrSeconds(header('x-ratelimit-reset'), now) ??
    durationIn(/"retryDelay"\s{0,3}:\s{0,3}"([\d.hms]{1,20})"/.exec(body)?.[1]) ??
    durationIn(
      /\b(?:try again|retry) (?:in|after) ([\d.]{1,12} ?(?:ms|s|m|h)[\d.hms]{0,16})/i.exec(body)?.[1],
    );
  return delay === null ? null : Math.min(Math.max(0, Math.ceil(delay)), longestMs);
}

/** Of the limits that have nothing left the longest, else the shortest: a limit may also refuse with some left. */
function resetOf(header: HeaderReader, now: number): number | null {
  const limits = [
    ...['requests', 'tokens'].map(
      (of) => [`x-ratelimit-remaining-${of}`, `x-ratelimit-reset-${of}`] as const,
    ),
    ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
      (of) => [`anthropic-ratelimit-${of}-remaining`, `anthropic-ratelimit-${of}-reset`] as const,
    ),
  ];
  const resets = limits
    .map(([remaining, reset]) => ({
      isEmpty: numberIn(header(remaining)) === 0,
      ms: durationIn(header(reset)) ?? secondsOrDate(header(reset), now),
    }))
    .filter((limit): limit is { isEmpty: boolean; ms: number } => limit.ms !== null);
  const empty = resets.filter(({ isEmpty }) => isEmpty);
  if (resets.length === 0) return null;
  return empty.length > 0 ? Math.max(...empty.map(({ ms }) => ms)) : Math.min(...resets.map(({ ms }) => ms));
}

function numberIn(text: string | null): number | null {
  return text !== null && /^\s*\d{1,15}(?:\.\d{1,9})?\s*$/.test(text) ? Number(text) : null;
}

function secondsOrDate(text: string | null, now: number): number | null {
  const seconds = numberIn(text);
  if (seconds !== null) return seconds * 1000;
  // A number with a sign, or a word, is no date, whatever the parser makes of it.
  if (text === null || !/\d{4}/.test(text) || !/[:,T]/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** A time since the epoch in seconds or ms, or seconds from now. */
function epochOrSeconds(text: string | null, now: number): number | null {
  const number = numberIn(text);
  if (number === null) return durationIn(text) ?? secondsOrDate(text, now);
  if (number < 1e9) return number * 1000;
  return Math.max(0, (number < 1e12 ? number * 1000 : number) - now);
}

const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `1h2m3.5s`, `6m0s`, `120ms`. */
function durationIn(text: string | null | undefined): number | null {
  const compact = (text ?? '').replaceAll(' ', '').replace(/\.$/, '');
  if (!/^(?:\d{1,12}(?:\.\d{1,12})?(?:h|ms|m|s)){1,4}$/.test(compact)) return null;
  return [...compact.matchAll(/(?<![\d.])([\d.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, number = '0', unit = 's']) => sum + Number(number) * (unitsMs[unit] ?? 0),
    0,
  );
}
