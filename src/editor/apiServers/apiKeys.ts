import type * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { t } from '../../core/text/l10n.ts';
import { readSetting } from '../settings.ts';
import { StoredKeys } from '../window/storedKeys.ts';

/** The API keys of servers: one for each address, by its URL. */
export class ApiKeys extends StoredKeys {
  constructor(secrets: vscode.SecretStorage) {
    super(secrets, (url) => `apiKey ${serverAddress(url)}`);
  }

  /**
   * What a server is asked with: the key that was stored for it, else the one that the environment names for all of them.
   * Throws `unreadable` where that is in a file that cannot be read.
   */
  async keyFor(url: string): Promise<string | undefined> {
    const stored = await this.stored(url);
    if (stored !== undefined) return stored;
    const { apiKeyOf } = await import('../../node/identity/apiClient.ts');
    return apiKeyOf(process.env);
  }
}

/** The URLs of the API servers that the settings name, by the address of each. */
export function configuredServers(): ReadonlyMap<string, string> {
  return new Map(readSetting('apiServers').map((url) => [serverAddress(url), url]));
}

/** The URL of the server with an address, with whatever is secret in it. Throws `changed` where no setting names it any more. */
export function configuredUrl(address: string): string {
  const url = configuredServers().get(address);
  if (url !== undefined) return url;
  throw new UserFacingError(
    'changed',
    t`The settings no longer name the API server ${address}.`,
    t`Look at the servers in the Identity view.`,
  );
}
