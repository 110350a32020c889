import { DatabaseSync } from 'node:sqlite';

/** How a database keeps its transactions whole. */
export const journalModes = ['delete', 'truncate', 'persist', 'wal'] as const;

export type JournalMode = (typeof journalModes)[number];

const accounts = 200;
const opening = 1000;

/**
 * A small database with an invariant over several tables: the values of both account tables together never change,
 * the entries are as many as the counter says, and each has its shadow, found through an index.
 */
export function createLedger(path: string, mode: JournalMode): void {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA page_size = 1024;
    PRAGMA journal_mode = ${mode};
    BEGIN;
    CREATE TABLE left_accounts (id INTEGER PRIMARY KEY, value INTEGER, note TEXT);
    CREATE TABLE right_accounts (id INTEGER PRIMARY KEY, value INTEGER, note TEXT);
    CREATE TABLE entries (id INTEGER PRIMARY KEY, amount INTEGER, note TEXT);
    CREATE TABLE shadows (entry INTEGER, amount INTEGER);
    CREATE INDEX shadows_by_entry ON shadows (entry);
    CREATE TABLE counter (entries INTEGER);
    INSERT INTO counter VALUES (0);
    WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${accounts})
      INSERT INTO left_accounts SELECT i, ${opening}, hex(randomblob(60)) FROM c;
    INSERT INTO right_accounts SELECT * FROM left_accounts;
    COMMIT;`);
  database.close();
}

/** Breaks of the invariant, as a row each; none in any committed state. */
export const brokenInvariants = [
  `SELECT 'total' AS broken WHERE (SELECT sum(value) FROM left_accounts) + (SELECT sum(value) FROM right_accounts) <> ${2 * accounts * opening}`,
  `SELECT 'entries' AS broken WHERE (SELECT count(*) FROM entries) <> (SELECT entries FROM counter)`,
  `SELECT 'shadows' AS broken WHERE EXISTS (SELECT 1 FROM entries e LEFT JOIN shadows s ON s.entry = e.id WHERE s.amount IS NOT e.amount)`,
  `SELECT integrity_check AS broken FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
];

/** All that is in a ledger, as one text. */
export const wholeLedger = `SELECT group_concat(part, '|') FROM (
  SELECT count(*) || ',' || coalesce(sum(value), 0) || ',' || coalesce(group_concat(note), '') AS part FROM left_accounts
  UNION ALL SELECT count(*) || ',' || coalesce(sum(value), 0) || ',' || coalesce(group_concat(note), '') FROM right_accounts
  UNION ALL SELECT count(*) || ',' || coalesce(sum(amount), 0) || ',' || coalesce(group_concat(note), '') FROM entries
  UNION ALL SELECT count(*) || ',' || coalesce(sum(amount), 0) || ',' || coalesce(sum(entry), 0) FROM shadows
  UNION ALL SELECT entries FROM counter)`;
