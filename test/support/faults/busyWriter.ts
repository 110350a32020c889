// A program that commits without pause to the ledger it is given, until it is ended.
import { DatabaseSync } from 'node:sqlite';

const [path = '', mode = '', synchronous = 'OFF'] = process.argv.slice(2);
const database = new DatabaseSync(path, { timeout: 10_000 });
// A tiny cache makes SQLite write pages of transactions that are not committed, and may never be.
database.exec(`PRAGMA journal_mode = ${mode}; PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = 12;
  PRAGMA wal_autocheckpoint = 40`);
const transfer = {
  take: database.prepare(
    'UPDATE left_accounts SET value = value - ?, note = hex(randomblob(60)) WHERE id = ?',
  ),
  give: database.prepare(
    'UPDATE right_accounts SET value = value + ?, note = hex(randomblob(60)) WHERE id = ?',
  ),
  enter: database.prepare('INSERT INTO entries (amount, note) VALUES (?, hex(randomblob(?)))'),
  shadow: database.prepare('INSERT INTO shadows VALUES (last_insert_rowid(), ?)'),
  count: database.prepare('UPDATE counter SET entries = (SELECT count(*) FROM entries)'),
};

function pick(below: number): number {
  return Math.floor(Math.random() * below);
}

for (let round = 0; ; round++) {
  database.exec('BEGIN IMMEDIATE');
  const size = round % 20 === 0 ? 120 : 1 + pick(4);
  for (let i = 0; i < size; i++) {
    const amount = pick(50);
    transfer.take.run(amount, 1 + pick(200));
    transfer.give.run(amount, 1 + pick(200));
    transfer.enter.run(amount, pick(100));
    transfer.shadow.run(amount);
  }
  if (round % 15 === 0) {
    database.exec(`DELETE FROM shadows WHERE entry IN (SELECT id FROM entries ORDER BY id LIMIT 200);
      DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY id LIMIT 200)`);
  }
  transfer.count.run();
  database.exec(round % 7 === 3 ? 'ROLLBACK' : 'COMMIT');
  if (mode === 'wal' && round % 50 === 0) {
    const checkpoint = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'][pick(4)] ?? 'PASSIVE';
    database.exec(`PRAGMA wal_checkpoint(${checkpoint})`);
  }
  if (round === 0) process.stdout.write('ready');
}
