import * as vscode from 'vscode';
import { type EndpointServer, type EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { findEndpointServer } from '../../node/builders/findEndpoint.ts';
import { ModelError } from '../../core/builders/modelPort.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import type { EndpointProbe } from '../../node/builders/probeEndpoint.ts';
import { executeCommand, type CommandHandlers } from '../commands/registerCommand.ts';
import { settingsSection } from '../settingNames.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow, showWhileSlow } from '../window/safeWindow.ts';
import { formatDuration } from '../../core/text/times.ts';
import { editorEndpointRequest, type EndpointKeys } from './endpointKeys.ts';
import { askKey, askModel, askServer, askWhichKey, type ChosenServer } from './endpointQuestions.ts';

/** What setting up an endpoint needs. */
export interface SetUpEndpointDeps {
  readonly keys: EndpointKeys;
  readonly errors: ErrorReporter;
  /** Makes the endpoint what drains of this workspace use. */
  readonly onDidSetUp: () => Promise<void>;
}

/** The command that asks for an endpoint, tries it, and says what it found. */
export function setUpEndpointCommand(deps: SetUpEndpointDeps): CommandHandlers<'setUpEndpoint'> {
  return {
    setUpEndpoint: async () => {
      const chosen = await askServer();
      if (chosen === undefined) return;
      const setup = new EndpointSetup(chosen, deps.keys);
      const found = await setup.run();
      if (found === undefined) return;
      await setup.save(found.settings);
      await deps.onDidSetUp();
      deps.errors.watch(sayFound(found));
    },
  };
}

interface FoundEndpoint {
  readonly settings: EndpointSettings;
  /** `null` where it was saved though it could not be tried. */
  readonly probe: EndpointProbe | null;
}

/** One walk through the questions; a key that was typed is stored with the rest, and not before. */
class EndpointSetup {
  readonly #chosen: ChosenServer;
  readonly #keys: EndpointKeys;
  readonly #host: string;
  #typedKey: string | undefined;

  constructor(chosen: ChosenServer, keys: EndpointKeys) {
    this.#chosen = chosen;
    this.#keys = keys;
    this.#host = new URL(chosen.baseUrl).host;
  }

  /** `undefined` where the user leaves a question open. */
  async run(): Promise<FoundEndpoint | undefined> {
    const known = await this.#server();
    if (known?.key != null) {
      const which = await askWhichKey(this.#host, known.keySource ?? '');
      if (which === undefined || (which === 'other' && !(await this.#enterKey('')))) return undefined;
    }
    // What only this needs, with Node's client of HTTP.
    const { listModels, probeEndpoint } = await import('../../node/builders/probeEndpoint.ts');
    const models = await this.#withKey(t`Listing the models of ${this.#host}`, listModels);
    if (models === undefined) return undefined;
    const model = await (models.kind === 'found'
      ? askModel(models.value)
      : askModel(null, models.error.message));
    if (model === undefined) return undefined;
    for (;;) {
      const tried = await this.#withKey(t`Trying ${model} at ${this.#host}`, (server, signal) =>
        probeEndpoint({ ...server, model }, signal),
      );
      if (tried === undefined) return undefined;
      const server = await this.#server();
      if (server === null) return undefined;
      const settings = { ...server, model };
      if (tried.kind === 'found') return { settings, probe: tried.value };
      const again = t`Try Again`;
      const save = t`Save Anyway`;
      const message = t`${model} could not be tried: ${tried.error.message}`;
      const pressed = await safeWindow.showErrorMessage(message, { modal: true }, again, save);
      if (pressed === save) return { settings, probe: null };
      if (pressed !== again) return undefined;
    }
  }

  /** The key to the secret storage, the rest to the user's settings. */
  async save({ provider, baseUrl, model }: EndpointSettings): Promise<void> {
    if (this.#typedKey !== undefined) await this.#keys.store(new URL(baseUrl).origin, this.#typedKey);
    const configuration = vscode.workspace.getConfiguration(settingsSection);
    const target = vscode.ConfigurationTarget.Global;
    await configuration.update('endpoint.provider', provider, target);
    await configuration.update('endpoint.baseUrl', baseUrl, target);
    await configuration.update('endpoint.model', model, target);
  }

  /** The server with the key that is known by now; `null` where it must have one and has none. */
  async #server(): Promise<EndpointServer | null> {
    const typed = this.#typedKey;
    const keys = typed === undefined ? this.#keys : { stored: (): Promise<string> => Promise.resolve(typed) };
    try {
      return await findEndpointServer(editorEndpointRequest(keys, this.#chosen));
    } catch (error) {
      if (error instanceof UserFacingError && error.code === 'no-endpoint') return null;
      throw error;
    }
  }

  /** Asks the server something, and for its key where it wants one; `undefined` where the user leaves the question open. */
  async #withKey<T>(
    title: string,
    ask: (server: EndpointServer, signal: AbortSignal) => Promise<T>,
  ): Promise<
    | { readonly kind: 'found'; readonly value: T }
    | { readonly kind: 'failed'; readonly error: ModelError }
    | undefined
  > {
    for (;;) {
      const server = await this.#server();
      if (server === null) {
        if (!(await this.#enterKey(t`${this.#host} requires an API key.`))) return undefined;
        continue;
      }
      try {
        const cancelling = new AbortController();
        const value = await showWhileSlow(title, ask(server, cancelling.signal), cancelling);
        return { kind: 'found', value };
      } catch (error) {
        if (error instanceof CancelledError) return undefined;
        if (!(error instanceof ModelError)) throw error;
        if (error.kind !== 'wrong-key') return { kind: 'failed', error };
        const why =
          server.key === null
            ? t`${this.#host} requires an API key.`
            : t`${this.#host} does not accept the API key.`;
        if (!(await this.#enterKey(why))) return undefined;
      }
    }
  }

  async #enterKey(why: string): Promise<boolean> {
    const key = await askKey(this.#host, why);
    if (key === undefined) return false;
    this.#typedKey = key;
    return true;
  }
}

async function sayFound({ settings, probe }: FoundEndpoint): Promise<void> {
  const where = t`${settings.model} at ${new URL(settings.baseUrl).host}`;
  const drain = t`Drain…`;
  const isClean = probe?.reportsUsage === true && probe.reportsStopReason;
  const show = isClean ? safeWindow.showInformationMessage : safeWindow.showWarningMessage;
  const message = probe === null ? t`${where} is saved, but was not tried.` : probeText(where, probe);
  if ((await show([message, ...settings.notes].join(' '), drain)) === drain) await executeCommand('drain');
}

/** `gpt-4o at api.openai.com answers (0.8 s). Context: 128,000 tokens. Usage is reported.` */
function probeText(where: string, probe: EndpointProbe): string {
  const { latencyMs, contextLength, reportsUsage, reportsStopReason, isListed } = probe;
  return [
    t`${where} answers (${formatDuration(latencyMs)}).`,
    contextLength === null ? t`Its context is not known.` : t`Context: ${formatCount(contextLength)} tokens.`,
    reportsUsage
      ? t`Usage is reported.`
      : t`Usage is not reported: its samples are counted here, and never count for a calibration.`,
    ...(reportsStopReason ? [] : [t`Why an answer ends is not reported: cut-off answers go undetected.`]),
    ...(isListed === false ? [t`The server does not list the model.`] : []),
  ].join(' ');
}
