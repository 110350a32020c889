import { DatabaseSync } from 'node:sqlite';

const rows = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, state TEXT, created_at TEXT, started_at TEXT, completed_at TEXT, token_cap INTEGER,
    tokens_used INTEGER, goal_anchor TEXT, failure_reason TEXT);
  CREATE TABLE tiers (id INTEGER PRIMARY KEY, tier_id TEXT, run_id TEXT, tier_index INTEGER, name TEXT, state TEXT);
  CREATE TABLE phases (id INTEGER PRIMARY KEY, run_id TEXT, phase_id TEXT, tier_id INTEGER, phase_index INTEGER, name TEXT,
    description TEXT, state TEXT, task_category TEXT, complexity TEXT, scope TEXT, builder_attempts INTEGER,
    max_builder_attempts INTEGER, tokens_used INTEGER, last_failure_reason TEXT, created_at TEXT, updated_at TEXT,
    started_at TEXT, completed_at TEXT);
  INSERT INTO runs VALUES
    ('build-1', 'DONE_FAILED_REQUIRES_HUMAN_REVIEW', '2025-12-20 08:00:00', '2025-12-20 08:01:00', NULL, 500000, 61000, 'A shop for books', NULL),
    ('build-2-with-a-long-name-for-narrow-terminals', 'PHASE_EXECUTION', '2025-12-22 10:00:00', NULL, NULL, 500000, 1200, NULL, NULL),
    ('书店-3', 'DONE_SUCCESS', '2025-12-18 12:00:00', NULL, '2025-12-18 14:00:00', NULL, 12000, NULL, NULL);
  INSERT INTO tiers VALUES (1, 'T1', 'build-1', 0, 'Core', 'IN_PROGRESS'), (2, 'T2', 'build-1', 1, 'Around it', 'PENDING');
  INSERT INTO phases VALUES
    (1, 'build-1', 'parser', 1, 0, 'Parse orders', 'Parse the orders that the shop sends.', 'FAILED', 'implementation', 'medium',
      '{"paths": ["src/shop"], "deliverables": ["src/shop/parser.py", "tests/test_parser.py"]}', 2, 5, 45000,
      'build-1: cannot import name ''parse'' from ''shop.cart'' (src/shop/cart.py)', '2025-12-20 08:00:00',
      '2025-12-20 09:00:00', '2025-12-20 08:30:00', '2025-12-20 09:00:00'),
    (2, 'build-1', 'prices', 1, 1, 'Prices', NULL, 'COMPLETE', 'tests', 'low', '{}', 1, 5, 16000, NULL, NULL, '2025-12-20 10:00:00', NULL, NULL),
    (3, 'build-1', 'mail', 2, 0, 'mail', NULL, 'FAILED', 'docs', 'low', NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL),
    (4, 'build-2-with-a-long-name-for-narrow-terminals', 'orders', NULL, 0, 'Orders', NULL, 'EXECUTING', 'tests', 'high', NULL, 1, 5, 1200, NULL, NULL, '2025-12-22 10:00:00', NULL, NULL),
    (5, 'build-2-with-a-long-name-for-narrow-terminals', 'search', NULL, 1, 'Search', NULL, 'QUEUED', 'tests', 'low', NULL, 0, 5, 0, NULL, NULL, NULL, NULL, NULL),
    (6, '书店-3', 'export', NULL, 0, 'Export', NULL, 'COMPLETE', 'implementation', 'low', NULL, 1, 5, 12000, NULL, NULL, '2025-12-18 14:00:00', NULL, NULL);`;

/** Makes a database of three runs in different states, one with a wide name, with times of the past. */
export function createBacklog(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(rows);
  database.close();
}
