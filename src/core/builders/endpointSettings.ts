import { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';
import { EndpointKey } from './endpointKey.ts';
import {
  endpointBaseUrl,
  isLoopback,
  officialUrls,
  requireSafeTransport,
  type EndpointProvider,
} from './endpointUrl.ts';

/** A server of models, and what is sent to it as the key. */
export interface EndpointServer {
  readonly provider: EndpointProvider;
  /** Without a slash at its end; see `endpointBaseUrl`. */
  readonly baseUrl: string;
  readonly key: EndpointKey | null;
  /** Where the key comes from, for a person; `null` where there is none. */
  readonly keySource: string | null;
  /** What a person should know of it: a key that is set and not sent, in sentences. */
  readonly notes: readonly string[];
}

/** A model of a server. */
export interface EndpointSettings extends EndpointServer {
  readonly model: string;
}

/** What names an endpoint. A text without anything in it counts as none. */
export interface EndpointChoice {
  readonly provider?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
}

/** All that an endpoint is resolved from. */
export interface EndpointSources {
  /** What a person said for this once: options of the command line, or answers to questions. */
  readonly explicit: EndpointChoice;
  /** The user's settings. */
  readonly settings: EndpointChoice;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names of variables that a file of the workspace sets, so that whoever wrote it may have set them. */
  readonly plantedVariables: ReadonlySet<string>;
  /** The key that is stored for a server, by the origin of its base URL (`https://api.openai.com`). */
  storedKey(origin: string): Promise<string | undefined>;
}

/** The variables of each provider, as its own clients read them. */
const variables: Readonly<Record<EndpointProvider, { readonly url: string; readonly key: string }>> = {
  openai: { url: 'OPENAI_BASE_URL', key: 'OPENAI_API_KEY' },
  anthropic: { url: 'ANTHROPIC_BASE_URL', key: 'ANTHROPIC_API_KEY' },
};
const ourUrl = 'AUTOPACK_HYGIENE_BASE_URL';
const ourKey = 'AUTOPACK_HYGIENE_API_KEY';
const ofProviders = Object.values(variables);

/** Variables that say where requests, and with them keys, go. */
export const endpointUrlVariables: readonly string[] = [ourUrl, ...ofProviders.map(({ url }) => url)];

/** Variables that hold keys of models: for whoever calls a model alone, and for no other program that we start. */
export const modelKeyVariables: readonly string[] = [ourKey, ...ofProviders.map(({ key }) => key)];

/** Longer than any key or name of a model, in characters. */
const longest = 4096;

/**
 * The model to ask: from what was said for this once, then the settings, then `AUTOPACK_HYGIENE_*`, then the variables of
 * the provider. Throws `no-endpoint` where something is missing, `invalid-url` and `invalid-argument` where it is wrong.
 */
export async function resolveEndpoint(sources: EndpointSources): Promise<EndpointSettings> {
  const server = await resolveEndpointServer(sources);
  const model = chosen(sources, 'model', 'AUTOPACK_HYGIENE_MODEL');
  if (model === null) {
    throw missing(
      t`No model chosen for ${new URL(server.baseUrl).host}.`,
      t`Name one with --model or AUTOPACK_HYGIENE_MODEL; in the editor, run Set Up Model Endpoint.`,
    );
  }
  if (model.length > 256 || !/^[\x21-\x7e]+$/.test(model)) {
    throw new UserFacingError(
      'invalid-argument',
      t`The name of the model has spaces or characters that no model has.`,
      t`Give the name as the provider lists it.`,
    );
  }
  return { ...server, model };
}

/** The server alone, for one whose models are not known yet. Throws as {@link resolveEndpoint}. */
export async function resolveEndpointServer(sources: EndpointSources): Promise<EndpointServer> {
  const provider = providerOf(sources);
  const { text, isTrusted } = baseUrlText(sources, provider);
  const baseUrl = endpointBaseUrl(text, provider);
  const { origin, hostname, host } = new URL(baseUrl);
  if (!isTrusted && !isLoopback(hostname) && !isOfficial(origin)) {
    throw new UserFacingError(
      'invalid-url',
      t`A file of this workspace sets the model endpoint to ${host}.`,
      t`If you trust it, name it yourself with --base-url or in your settings; else remove it from that file.`,
    );
  }
  const { key, source, notes } = await keyFor(sources, provider, origin, isTrusted);
  if (key === null && isOfficial(origin)) {
    throw missing(
      t`No API key for ${host}.`,
      t`Set ${variables[provider].key} or ${ourKey}; in the editor, run Set Up Model Endpoint.`,
    );
  }
  requireSafeTransport(baseUrl, key !== null);
  return { provider, baseUrl, key, keySource: source, notes };
}

function providerOf(sources: EndpointSources): EndpointProvider {
  const named = chosen(sources, 'provider', 'AUTOPACK_HYGIENE_PROVIDER')?.toLowerCase() ?? null;
  if (named === 'openai' || named === 'anthropic') return named;
  if (named !== null) {
    throw new UserFacingError(
      'invalid-argument',
      t`The provider of the model endpoint is neither openai nor anthropic.`,
      t`Use anthropic for Anthropic, and openai for every server that speaks its protocol, such as Ollama.`,
    );
  }
  const { environment } = sources;
  const url = chosen(sources, 'baseUrl', ourUrl);
  if (url !== null)
    return /^(?:https:\/\/)?api\.anthropic\.com\b|\/anthropic\b/i.test(url) ? 'anthropic' : 'openai';
  const has = (provider: EndpointProvider): boolean =>
    Object.values(variables[provider]).some((name) => textOf(environment[name]) !== null);
  const isClaude = /^claude/i.test(chosen(sources, 'model', 'AUTOPACK_HYGIENE_MODEL') ?? '');
  if (has('anthropic') && (isClaude || !has('openai'))) return 'anthropic';
  if (has('openai')) return 'openai';
  if (textOf(environment[ourKey]) !== null && isClaude) return 'anthropic';
  throw missing(
    t`No model endpoint is set up.`,
    t`Name one with --provider, --base-url and --model (or AUTOPACK_HYGIENE_PROVIDER, ${ourUrl} and AUTOPACK_HYGIENE_MODEL); in the editor, run Set Up Model Endpoint.`,
  );
}

/** Whether a URL is trusted: not where only a file of the workspace may name it. */
function baseUrlText(
  { explicit, settings, environment, plantedVariables }: EndpointSources,
  provider: EndpointProvider,
): { readonly text: string; readonly isTrusted: boolean } {
  const said = textOf(explicit.baseUrl) ?? textOf(settings.baseUrl);
  if (said !== null) return { text: said, isTrusted: true };
  for (const name of [ourUrl, variables[provider].url]) {
    const text = textOf(environment[name]);
    if (text !== null) return { text, isTrusted: !plantedVariables.has(name) };
  }
  return { text: officialUrls[provider], isTrusted: true };
}

/**
 * The key for a server, which no other gets: the one that is stored for it; ours, which is meant for whatever server was
 * chosen; the provider's, for the provider's own server and the one that its own variable names. A server that a file of
 * the workspace may have named gets a stored one at most.
 */
async function keyFor(
  sources: EndpointSources,
  provider: EndpointProvider,
  origin: string,
  isTrusted: boolean,
): Promise<{ key: EndpointKey | null; source: string | null; notes: readonly string[] }> {
  const { environment } = sources;
  const { key: keyVariable, url: urlVariable } = variables[provider];
  const stored = keyOf(await sources.storedKey(origin), t`The stored API key`);
  if (stored !== null) return { key: stored, source: t`stored for this server`, notes: [] };
  if (!isTrusted && !isOfficial(origin)) return { key: null, source: null, notes: [] };
  const ours = keyOf(environment[ourKey], ourKey);
  if (ours !== null) return { key: ours, source: ourKey, notes: [] };
  const theirs = textOf(environment[keyVariable]);
  if (theirs === null) return { key: null, source: null, notes: [] };
  const isMeant =
    origin === new URL(officialUrls[provider]).origin ||
    originOf(environment[urlVariable], provider) === origin;
  if (isMeant) return { key: keyOf(theirs, keyVariable), source: keyVariable, notes: [] };
  const note = t`${keyVariable} is not sent to ${new URL(origin).host}: it is for ${new URL(officialUrls[provider]).host} and what ${urlVariable} names. A key for this server is taken from ${ourKey}.`;
  return { key: null, source: null, notes: [note] };
}

function originOf(url: string | undefined, provider: EndpointProvider): string | null {
  const text = textOf(url);
  if (text === null) return null;
  try {
    return new URL(endpointBaseUrl(text, provider)).origin;
  } catch {
    return null;
  }
}

function isOfficial(origin: string): boolean {
  return Object.values(officialUrls).some((url) => new URL(url).origin === origin);
}

/** Throws where it is nothing that a header can carry. */
function keyOf(text: string | undefined, name: string): EndpointKey | null {
  const key = textOf(text);
  if (key === null) return null;
  if (key.length > longest || !/^[\x21-\x7e]+$/.test(key)) {
    throw new UserFacingError(
      'invalid-argument',
      t`${name} has spaces, line breaks or characters that no API key has.`,
      t`Copy the key again, without quotes and line breaks.`,
    );
  }
  return new EndpointKey(key);
}

function chosen(sources: EndpointSources, what: keyof EndpointChoice, variable: string): string | null {
  return (
    textOf(sources.explicit[what]) ?? textOf(sources.settings[what]) ?? textOf(sources.environment[variable])
  );
}

function textOf(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function missing(message: string, nextStep: string): UserFacingError {
  return new UserFacingError('no-endpoint', message, nextStep);
}
