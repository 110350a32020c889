import { maskSecrets } from '../text/maskSecrets.ts';

/** The URL of an API server, parsed; `null` where it is none of http or https. */
export function parseApiUrl(url: string): URL | null {
  const text = url.trim();
  const parsed = URL.canParse(text) ? new URL(text) : null;
  return parsed !== null && /^https?:$/.test(parsed.protocol) ? parsed : null;
}

/** Where the routes of an API server begin, without a slash at the end. */
export function baseOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, '')}`;
}

/**
 * By what an API server is known, shown and remembered, such as `http://127.0.0.1:8000`: its URL in one spelling, without
 * user, password and whatever else is secret in it. They say who asks, not who answers.
 */
export function serverAddress(url: string): string {
  const parsed = parseApiUrl(url);
  if (parsed === null) return maskSecrets(url.trim());
  const query = parsed.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && maskSecrets(`?${parameter}`) === `?${parameter}`)
    .join('&');
  return `${baseOf(parsed)}${query === '' ? '' : `?${query}`}`;
}
