import * as vscode from 'vscode';
import type { EndpointChoice } from '../../core/builders/endpointSettings.ts';
import type { EndpointRequest } from '../../node/builders/findEndpoint.ts';
import { readSetting } from '../settings.ts';
import { StoredKeys } from '../window/storedKeys.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/** The keys of model endpoints: one for each origin, that of a base URL (`https://api.openai.com`). */
export class EndpointKeys extends StoredKeys {
  constructor(secrets: vscode.SecretStorage) {
    super(secrets, (origin) => `modelKey ${origin}`);
  }
}

/**
 * All that an endpoint is resolved from in the editor. The settings are the user's own: the manifest gives URL and provider
 * a scope in which no workspace can set them.
 */
export function editorEndpointRequest(
  keys: Pick<EndpointKeys, 'stored'>,
  explicit: EndpointChoice = {},
): EndpointRequest {
  return {
    explicit,
    settings: {
      provider: readSetting('endpoint.provider'),
      baseUrl: readSetting('endpoint.baseUrl'),
      model: readSetting('endpoint.model'),
    },
    // Whatever is done with an endpoint that the environment names asks for trust first.
    workspaceFolders: vscode.workspace.isTrusted ? localFolders().map(({ uri }) => uri.fsPath) : [],
    storedKey: (origin) => keys.stored(origin),
  };
}
