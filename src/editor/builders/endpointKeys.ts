import type * as vscode from 'vscode';
import type { EndpointChoice, EndpointSources } from '../../core/builders/endpointSettings.ts';
import { readSetting } from '../settings.ts';

/** The keys of model endpoints, in VS Code's secret storage: one for each origin, and never sent to another. */
export class EndpointKeys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** `origin` is that of a base URL: `https://api.openai.com`. */
  async stored(origin: string): Promise<string | undefined> {
    return this.#secrets.get(nameOf(origin));
  }

  async store(origin: string, key: string): Promise<void> {
    await this.#secrets.store(nameOf(origin), key);
  }

  async remove(origin: string): Promise<void> {
    await this.#secrets.delete(nameOf(origin));
  }
}

function nameOf(origin: string): string {
  return `modelKey ${origin}`;
}

/**
 * All that an endpoint is resolved from in the editor. The settings are the user's own: the manifest gives URL and provider
 * a scope in which no workspace can set them.
 */
export function editorEndpointSources(keys: EndpointKeys, explicit: EndpointChoice = {}): EndpointSources {
  return {
    explicit,
    settings: {
      provider: readSetting('endpoint.provider'),
      baseUrl: readSetting('endpoint.baseUrl'),
      model: readSetting('endpoint.model'),
    },
    environment: process.env,
    plantedVariables: new Set(),
    storedKey: (origin) => keys.stored(origin),
  };
}
