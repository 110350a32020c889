import type * as vscode from 'vscode';
import { isPostgresPath, plainPostgresPath } from '../../core/db/postgresUrl.ts';
import { rememberPassword } from '../../node/postgres/passwords.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { StoredKeys } from '../window/storedKeys.ts';

const prefix = 'postgresPassword ';

/** The passwords of PostgreSQL databases in VS Code's secret storage, by path without parameters. */
export class PostgresPasswords extends StoredKeys {
  readonly #secrets: vscode.SecretStorage;
  /** Databases whose stored password this process was given, or has none. */
  readonly #given = new Map<string, Promise<void>>();

  constructor(secrets: vscode.SecretStorage) {
    super(secrets, (path) => `${prefix}${plainPostgresPath(path)}`);
    this.#secrets = secrets;
  }

  /** The databases that a password is stored for: paths without parameters. */
  async databases(): Promise<string[]> {
    const keys = await this.#secrets.keys();
    return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** Gives the stored password of a database to what connects to it, once; nothing for a file. */
  give(path: string): Promise<void> {
    if (!isPostgresPath(path)) return Promise.resolve();
    const plain = plainPostgresPath(path);
    const giving = this.#given.get(plain) ?? this.#give(plain);
    this.#given.set(plain, giving);
    return giving;
  }

  /** Takes what a person gives for now, so that no stored password comes in its place; `null` for none. */
  use(path: string, password: string | null): void {
    this.#given.set(plainPostgresPath(path), Promise.resolve());
    rememberPassword(path, password);
  }

  /** Keeps the password that a person typed; `null` where they have none, so that an old one goes. */
  async keep(path: string, password: string | null): Promise<void> {
    this.use(path, password);
    if (password === null) await this.remove(path);
    else await this.store(path, password);
  }

  /** Takes the password out of the storage and out of this process. */
  async forget(path: string): Promise<void> {
    await this.remove(path);
    rememberPassword(path, null);
  }

  async #give(path: string): Promise<void> {
    const stored = await this.stored(path);
    if (stored !== undefined) rememberPassword(path, stored);
  }
}

/** A reader that connects with the passwords that are stored. */
export function readerWithPasswords(reader: DatabaseReader, passwords: PostgresPasswords): DatabaseReader {
  return {
    async request(path, name, params, signal) {
      if (isPostgresPath(path)) await passwords.give(path);
      return reader.request(path, name, params, signal);
    },
    dispose: () => reader.dispose(),
  };
}
