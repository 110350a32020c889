import { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';

/** The protocols that are spoken: OpenAI's chat completions, and Anthropic's messages. */
export type EndpointProvider = 'openai' | 'anthropic';

/** Where each provider's own service is. */
export const officialUrls: Readonly<Record<EndpointProvider, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
};

/** What a URL names besides the base when it was copied from an example. */
const resources = /\/(?:chat\/completions|completions|responses|messages|models|embeddings)$/;

/**
 * The base URL to which `/chat/completions` or `/messages` is added, without a slash at its end. `/v1` is added where it
 * is missing, as Ollama, llama.cpp, vLLM and LM Studio need it, and a scheme: http for this machine, else https. Throws
 * `invalid-url` for anything that is no plain http or https URL: also with a user, password, query or fragment in it,
 * which may be secret and would be shown and stored with it.
 */
export function endpointBaseUrl(text: string, provider: EndpointProvider): string {
  const url = parse(text.trim());
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      t`The base URL of the model endpoint has a user or password in it.`,
      t`Take it out of the URL, and give the key as the API key.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw invalid(
      t`The base URL ${url.origin}${url.pathname} of the model endpoint has a query or fragment.`,
      t`Give the URL up to its path, such as https://api.openai.com/v1.`,
    );
  }
  const origin = url.hostname === '0.0.0.0' ? url.origin.replace('0.0.0.0', '127.0.0.1') : url.origin;
  const path = url.pathname.replace(/(?<!\/)\/+$/, '').replace(resources, '');
  if (provider === 'anthropic') return `${origin}${/\/v\d+$/.test(path) ? path : `${path}/v1`}`;
  // Ollama's own API, which its documentation names, speaks another protocol.
  return `${origin}${path === '' || (path === '/api' && url.port === '11434') ? '/v1' : path}`;
}

function parse(text: string): URL {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const candidate = hasScheme ? text : `https://${text}`;
  if (text === '' || /[\s\\]/.test(text) || !URL.canParse(candidate)) throw noUrl();
  const url = new URL(candidate);
  if (url.hostname === '' || !['http:', 'https:'].includes(url.protocol)) throw noUrl();
  return hasScheme || !isLoopback(url.hostname) ? url : new URL(`http://${text}`);
}

function noUrl(): UserFacingError {
  return invalid(
    t`The base URL of the model endpoint is not an http or https URL.`,
    t`Give one such as https://api.openai.com/v1 or http://localhost:11434/v1.`,
  );
}

function invalid(message: string, nextStep: string): UserFacingError {
  return new UserFacingError('invalid-url', message, nextStep);
}

/** Whether a host name, as `URL.hostname` gives it, is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127\.|^0\.0\.0\.0$|^\[::1?\]$/.test(host);
}

/** Whether a host name can only be one of the local network, by its address or as a name that no public DNS resolves. */
function isPrivate(host: string): boolean {
  return (
    /^10\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(host) ||
    /^\[f[cd][\da-f]{2}:/.test(host) ||
    /\.(?:local|lan|internal|home\.arpa)$/.test(host) ||
    /^[a-z\d-]+$/i.test(host)
  );
}

/**
 * Throws `invalid-url` where what is sent would be read on the way: plain http goes to this machine, without a key also to
 * one of the local network, and nowhere else.
 */
export function requireSafeTransport(baseUrl: string, hasKey: boolean): void {
  const { protocol, hostname, host } = new URL(baseUrl);
  if (protocol === 'https:' || isLoopback(hostname) || (isPrivate(hostname) && !hasKey)) return;
  throw invalid(
    isPrivate(hostname)
      ? t`${host} would get the API key over plain http, where others on the network can read it.`
      : t`${host} would get the phases and files over plain http, where others on the way can read them.`,
    t`Use https://${host}, or a server or tunnel on this machine.`,
  );
}
