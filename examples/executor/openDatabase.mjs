// @ts-check
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from './refusal.mjs';

/** SQLITE_CORRUPT, SQLITE_CANTOPEN and SQLITE_NOTADB: waiting will not help. */
const hopeless = new Set([11, 14, 26]);

/**
 * Opens an existing Autopack database for writing, waiting up to ten seconds for other writers whenever it must.
 * @param {string} path
 */
export function openDatabase(path) {
  // SQLite would make the file: a wrong path must not leave an empty database behind.
  if (!existsSync(path)) throw new Refusal(`There is no database ${path}.`);
  try {
    // Autopack does not have SQLite check foreign keys, and older files would not stand it.
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.exec('PRAGMA busy_timeout = 10000');
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE name IN ('runs', 'phases')`).all();
    if (tables.length < 2)
      throw new Refusal(`${path} is not an Autopack database: no runs or no phases table.`);
    return database;
  } catch (error) {
    if (!hopeless.has(Object(error).errcode)) throw error;
    throw new Refusal(`${path} cannot be opened as a SQLite database (${Object(error).message}).`);
  }
}
