import type * as vscode from 'vscode';
import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { apiKeyOf } from '../../node/identity/apiClient.ts';

/** The API keys of servers, in VS Code's secret storage: one for each address, and never sent to another. */
export class ApiKeys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /**
   * What a server is asked with: the key that was stored for it, else the one that the environment names for all of them.
   * Throws `unreadable` where that is in a file that cannot be read.
   */
  async keyFor(url: string): Promise<string | undefined> {
    return (await this.stored(url)) ?? (await apiKeyOf(process.env));
  }

  /** The key that was stored for a server. */
  async stored(url: string): Promise<string | undefined> {
    return this.#secrets.get(nameOf(url));
  }

  async store(url: string, key: string): Promise<void> {
    await this.#secrets.store(nameOf(url), key);
  }

  async remove(url: string): Promise<void> {
    await this.#secrets.delete(nameOf(url));
  }
}

function nameOf(url: string): string {
  return `apiKey ${serverAddress(url)}`;
}
