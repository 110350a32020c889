"""A program that commits without pause to the ledger it is given, until it is ended."""

import random
import sqlite3
import sys

path, mode, synchronous = sys.argv[1:4]
database = sqlite3.connect(path, timeout=10, isolation_level=None)
# A tiny cache makes SQLite write pages of transactions that are not committed, and may never be.
for pragma in (f"journal_mode = {mode}", f"synchronous = {synchronous}", "cache_size = 12", "wal_autocheckpoint = 40"):
    database.execute(f"PRAGMA {pragma}").fetchall()

number = 0
while True:
    database.execute("BEGIN IMMEDIATE")
    for _ in range(120 if number % 20 == 0 else random.randint(1, 4)):
        amount = random.randrange(50)
        for table, sign in (("left_accounts", -1), ("right_accounts", 1)):
            database.execute(
                f"UPDATE {table} SET value = value + ?, note = hex(randomblob(60)) WHERE id = ?",
                (sign * amount, random.randint(1, 200)),
            )
        entry = database.execute(
            "INSERT INTO entries (amount, note) VALUES (?, hex(randomblob(?)))", (amount, random.randrange(100))
        ).lastrowid
        database.execute("INSERT INTO shadows VALUES (?, ?)", (entry, amount))
    if number % 15 == 0:
        oldest = "SELECT id FROM entries ORDER BY id LIMIT 200"
        database.execute(f"DELETE FROM shadows WHERE entry IN ({oldest})")
        database.execute(f"DELETE FROM entries WHERE id IN ({oldest})")
    database.execute("UPDATE counter SET entries = (SELECT count(*) FROM entries)")
    database.execute("ROLLBACK" if number % 7 == 3 else "COMMIT")
    if mode == "wal" and number % 50 == 0:
        kind = random.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
        database.execute(f"PRAGMA wal_checkpoint({kind})").fetchall()
    if number == 0:
        print("ready", end="", flush=True)
    number += 1
