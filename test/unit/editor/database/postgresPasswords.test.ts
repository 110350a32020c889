import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { PostgresPasswords } from '../../../../src/editor/database/postgresPasswords.ts';
import { passwordOf } from '../../../../src/node/postgres/passwords.ts';

describe('the passwords of PostgreSQL databases', () => {
  it('are those that a person has just given, and not those that are stored', async () => {
    const path = 'postgresql://me@passwords.example:5432/autopack';
    const stored = new Map([[`postgresPassword ${path}`, 'old']]);
    const secrets: vscode.SecretStorage = {
      keys: () => Promise.resolve([...stored.keys()]),
      get: (key) => Promise.resolve(stored.get(key)),
      store: (key, value) => Promise.resolve(void stored.set(key, value)),
      delete: (key) => Promise.resolve(void stored.delete(key)),
      onDidChange: () => {
        throw new Error('is not asked for');
      },
    };
    const passwords = new PostgresPasswords(secrets);
    passwords.use(`${path}?sslmode=require`, 'new');
    await passwords.give(path);
    assert.equal(passwordOf(path), 'new');
    await new PostgresPasswords(secrets).give(path);
    assert.equal(passwordOf(path), 'old');
  });
});
