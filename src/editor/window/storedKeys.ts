import type * as vscode from 'vscode';

/** Keys in VS Code's secret storage, each kept for one server and never sent to another. */
export class StoredKeys {
  readonly #secrets: vscode.SecretStorage;
  readonly #nameOf: (server: string) => string;

  /** `nameOf` gives the name under which the key of a server is kept. */
  constructor(secrets: vscode.SecretStorage, nameOf: (server: string) => string) {
    this.#secrets = secrets;
    this.#nameOf = nameOf;
  }

  async stored(server: string): Promise<string | undefined> {
    return this.#secrets.get(this.#nameOf(server));
  }

  async store(server: string, key: string): Promise<void> {
    await this.#secrets.store(this.#nameOf(server), key);
  }

  async remove(server: string): Promise<void> {
    await this.#secrets.delete(this.#nameOf(server));
  }
}
