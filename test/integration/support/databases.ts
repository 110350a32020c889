import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import manifest from '../../../package.json' with { type: 'json' };
import { initDatabase, seedDatabase } from '../../../src/core/seed/seedDatabase.ts';
import { DatabaseWriter } from '../../../src/node/writer/databaseWriter.ts';
import { type DatabaseKind, type DatabaseSource, databaseSources } from '../../support/data/dataSources.ts';
import { inWorkspace } from './extensionUnderTest.ts';

const writer = new DatabaseWriter();

/** Makes a telemetry seed database in the workspace, with the telemetry run unless told otherwise; returns its path. */
export async function seedDatabaseInWorkspace(name: string, { seeded = true } = {}): Promise<string> {
  const path = inWorkspace(name);
  mkdirSync(dirname(path), { recursive: true });
  await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: Date.now() });
  if (seeded) await seedDatabase(writer, path, { now: Date.now() });
  return path;
}

/** Databases of a kind, or of all, for a test to run on: generated ones, and real ones where they are at hand. */
export function databasesToTest(only?: DatabaseKind): readonly DatabaseSource[] {
  const extension = vscode.extensions.getExtension(`${manifest.publisher}.${manifest.name}`);
  return databaseSources(only, extension?.extensionPath);
}

/** Copies a database into the workspace; returns its path. */
export function copyIntoWorkspace({ name, path: source }: DatabaseSource): string {
  const path = inWorkspace(name);
  copyFileSync(source, path);
  chmodSync(path, 0o644);
  return path;
}

/** Commits as another program would: through a connection of its own. */
export function commit(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}
