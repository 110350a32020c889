import type * as vscode from 'vscode';
import { endpointBaseUrl, officialUrls, type EndpointProvider } from '../../core/builders/endpointUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCompact } from '../../core/text/quantities.ts';
import type { ListedModel } from '../../node/builders/probeEndpoint.ts';
import { readSetting } from '../settings.ts';
import { safeWindow } from '../window/safeWindow.ts';

const title = (): string => t`Set Up Model Endpoint`;

/** A server as a person chose it. */
export interface ChosenServer {
  readonly provider: EndpointProvider;
  readonly baseUrl: string;
}

interface Preset extends vscode.QuickPickItem {
  readonly provider: EndpointProvider;
  /** Without it, a person is asked. */
  readonly baseUrl?: string;
}

const presets = (): readonly Preset[] => [
  { label: 'OpenAI', provider: 'openai', baseUrl: officialUrls.openai },
  { label: 'Anthropic', provider: 'anthropic', baseUrl: officialUrls.anthropic },
  { label: 'Ollama', provider: 'openai', baseUrl: 'http://localhost:11434/v1' },
  { label: 'LM Studio', provider: 'openai', baseUrl: 'http://localhost:1234/v1' },
  { label: 'llama.cpp', provider: 'openai', baseUrl: 'http://localhost:8080/v1' },
  { label: 'vLLM', provider: 'openai', baseUrl: 'http://localhost:8000/v1' },
  { label: t`Other OpenAI-Compatible Server…`, provider: 'openai' },
  { label: t`Other Anthropic-Compatible Server…`, provider: 'anthropic' },
];

/** Asks for the server; `undefined` where the user leaves a question open. */
export async function askServer(): Promise<ChosenServer | undefined> {
  const items = presets().map((preset) => ({ ...preset, description: preset.baseUrl ?? '' }));
  const picked = await safeWindow.showQuickPick(items, {
    title: title(),
    placeHolder: t`Where is the model that should write the files of phases?`,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  const { provider } = picked;
  const baseUrl = picked.baseUrl ?? (await askBaseUrl(provider));
  return baseUrl === undefined ? undefined : { provider, baseUrl };
}

async function askBaseUrl(provider: EndpointProvider): Promise<string | undefined> {
  const text = await safeWindow.showInputBox({
    title: title(),
    prompt: t`Base URL of the server, up to its version`,
    placeHolder: provider === 'openai' ? 'https://models.example.com/v1' : 'https://models.example.com',
    value: readSetting('endpoint.baseUrl'),
    ignoreFocusOut: true,
    validateInput: (value) => problemOf(() => endpointBaseUrl(value, provider)),
  });
  return text === undefined ? undefined : endpointBaseUrl(text, provider);
}

/** Asks for the key of a server; `undefined` where the user leaves the question open. */
export async function askKey(host: string, why: string): Promise<string | undefined> {
  const key = await safeWindow.showInputBox({
    title: t`API key of ${host}`,
    prompt: `${why} ${t`Sent to this server only. Kept in VS Code's secret storage.`}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === ''
        ? t`Enter the API key.`
        : /^[\x21-\x7e]+$/.test(value.trim())
          ? undefined
          : t`An API key consists of printable ASCII characters without spaces.`,
  });
  return key?.trim();
}

/** Whether to go on with the key that is known, or to enter another; `undefined` where the user leaves the question open. */
export async function askWhichKey(host: string, source: string): Promise<'known' | 'other' | undefined> {
  const items = [
    { label: t`Use the Known API Key`, description: source, which: 'known' as const },
    { label: t`Enter Another API Key…`, which: 'other' as const },
  ];
  const picked = await safeWindow.showQuickPick(items, {
    title: title(),
    placeHolder: t`There is an API key for ${host}`,
    ignoreFocusOut: true,
  });
  return picked?.which;
}

/**
 * Asks for the model, out of those that the server lists if it does, with `why` it does not else; `undefined` where the user
 * leaves the question open.
 */
export async function askModel(
  models: readonly ListedModel[] | null,
  why = t`The server lists no models.`,
): Promise<string | undefined> {
  if (models === null || models.length === 0) return typeModel(why);
  const current = readSetting('endpoint.model');
  const items = [...models]
    .sort((a, b) => Number(b.id === current) - Number(a.id === current) || a.id.localeCompare(b.id))
    .map(({ id, contextLength }) => ({
      label: id,
      description: [
        contextLength === null ? '' : t`${formatCompact(contextLength)} tokens of context`,
        id === current ? t`current` : '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
      id,
    }));
  const other = { label: t`Other Model…`, description: '', id: null };
  const picked = await safeWindow.showQuickPick([...items, other], {
    title: title(),
    placeHolder: t`Which model?`,
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  return picked.id ?? typeModel('');
}

async function typeModel(why: string): Promise<string | undefined> {
  const name = await safeWindow.showInputBox({
    title: title(),
    prompt: `${why === '' ? '' : `${why} `}${t`Name of the model, as the provider writes it`}`,
    value: readSetting('endpoint.model'),
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]{1,256}$/.test(value.trim()) ? undefined : t`Enter a name without spaces.`,
  });
  return name?.trim();
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof UserFacingError ? `${error.message} ${error.nextStep}` : String(error);
  }
}
