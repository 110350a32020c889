import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseWriter } from '../src/node/writer/databaseWriter.ts';
import { backlogRows } from './backlog/backlogRows.ts';
import { olderSchemaStatements } from './backlog/olderSchema.ts';

/**
 * Puts the legacy backlog of a made-up project into the folder if there is none: databases never go into git.
 * The telemetry seed database is left to the user, who makes it with the extension.
 */
export async function prepareExampleWorkspace(folder: string): Promise<void> {
  const path = join(folder, 'autopack_legacy.db');
  if (existsSync(path)) return;
  await new DatabaseWriter().create(path, (database) => {
    for (const statement of olderSchemaStatements()) database.run(statement);
    for (const { table, values } of backlogRows()) {
      const columns = Object.keys(values);
      const marks = columns.map(() => '?').join(', ');
      database.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`, Object.values(values));
    }
  });
}
