// @ts-check
import { complain } from './executorLog.mjs';

/** @typedef {import('node:sqlite').DatabaseSync} Database */
/** @typedef {Readonly<Record<string, import('node:sqlite').SQLInputValue>>} Values */

/**
 * Runs `work` in one transaction that takes the write lock at once, so that what it reads stays true until it commits.
 * What it throws is to end the program: closing the database then undoes the transaction.
 * @template T
 * @param {Database} database
 * @param {() => T} work
 * @returns {T}
 */
export function inTransaction(database, work) {
  database.exec('BEGIN IMMEDIATE');
  const result = work();
  database.exec('COMMIT');
  return result;
}

/**
 * Inserts a row as far as the table goes: databases of older versions lack columns, or the whole table.
 * @param {Database} database
 * @param {string} table
 * @param {Values} values
 */
export function insertRow(database, table, values) {
  const known = knownColumns(database, table, values);
  if (known.length === 0) return;
  const marks = known.map((column) => `:${column}`);
  database
    .prepare(`INSERT INTO ${table} (${known.join(', ')}) VALUES (${marks.join(', ')})`)
    .run(pick(values, known));
}

/**
 * Updates the rows that match, leaving out columns the table does not have.
 * @param {Database} database
 * @param {string} table
 * @param {Values} where
 * @param {Values} values
 */
export function updateRows(database, table, where, values) {
  const known = knownColumns(database, table, values);
  const assignments = known.map((column) => `${column} = :${column}`).join(', ');
  const conditions = Object.keys(where).map((column) => `${column} = :where_${column}`);
  const keys = Object.fromEntries(Object.entries(where).map(([column, value]) => [`where_${column}`, value]));
  database
    .prepare(`UPDATE ${table} SET ${assignments} WHERE ${conditions.join(' AND ')}`)
    .run({ ...pick(values, known), ...keys });
}

/**
 * The columns of a table; none where there is no such table.
 * @param {Database} database
 * @param {string} table
 */
export function columnsOf(database, table) {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  return new Set(rows.map((row) => row.name));
}

/**
 * @param {Database} database
 * @param {string} table
 * @param {Values} values
 */
function knownColumns(database, table, values) {
  const present = columnsOf(database, table);
  const wanted = Object.keys(values);
  if (present.size === 0) {
    complain(`This database has no table ${table}: nothing is recorded there.`);
    return [];
  }
  const missing = wanted.filter((column) => !present.has(column));
  if (missing.length > 0) complain(`${table} has no ${missing.join(', ')}: left out.`);
  return wanted.filter((column) => present.has(column));
}

/**
 * @param {Values} values
 * @param {readonly string[]} columns
 * @returns {Values}
 */
function pick(values, columns) {
  return Object.fromEntries(columns.map((column) => [column, values[column] ?? null]));
}
