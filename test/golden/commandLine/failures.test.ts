import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine, transcript } from '../../support/commandLine.ts';
import { assertGolden } from '../../support/golden.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const schema = `
  CREATE TABLE runs (id, state, failure_reason);
  CREATE TABLE phases (run_id, phase_id, phase_index, state, last_failure_reason, completed_at, updated_at);`;

const backlog = `
  INSERT INTO runs VALUES ('build-1', 'DONE_FAILED_POLICY_VIOLATION', NULL), ('build-2', 'PHASE_EXECUTION', NULL),
    ('build-3', 'DONE_FAILED_BUDGET_EXHAUSTED', 'Token budget of 500000 exhausted');
  INSERT INTO phases VALUES
    ('build-1', 'parser', 0, 'FAILED', 'build-1: cannot import name ''parse'' from ''shop.cart'' (src/shop/cart.py)', '2025-12-20 08:00:00.5', NULL),
    ('build-1', 'prices', 1, 'failed', 'build-1: cannot import name ''total'' from ''shop.prices'' (src/shop/prices.py)', '2025-12-21 09:30:00', NULL),
    ('build-2', 'orders', 0, 'FAILED', 'build-2: cannot import name ''Order'' from ''shop'' (src/shop/__init__.py)', NULL, '2025-12-22T10:00:00Z'),
    ('build-2', 'search', 1, 'FAILED', 'Timed out after 900 s.', '2025-12-19 07:00:00', NULL),
    ('build-2', 'report', 2, 'FAILED', 'Timed out after 1800 s.', '2025-12-19 08:00:00', NULL),
    ('build-2', 'export', 3, 'COMPLETE', 'Timed out after 900 s.', '2025-12-19 08:00:00', NULL),
    ('build-3', 'checkout', 0, 'FAILED', NULL, '2025-12-18 12:00:00', NULL),
    ('build-1', 'mail', 2, 'FAILED', NULL, NULL, NULL);`;

describe('command line, failures', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  function create(name: string, sql: string): void {
    const database = new DatabaseSync(join(folder(), name));
    database.exec(sql);
    database.close();
  }

  it('groups what failed, says what to do next, and what it cannot read', async () => {
    create('backlog.db', `${schema} ${backlog}`);
    create('clean.db', schema);
    create('notes.db', 'CREATE TABLE notes (text)');
    const parts: string[] = [];
    for (const args of [
      ['--database', 'backlog.db'],
      ['--database', 'backlog.db', '--limit', '2'],
      ['--database', 'backlog.db', '--limit', '1', '--json'],
      ['--database', 'clean.db'],
      ['--database', 'notes.db'],
      ['--database', 'backlog.db', '--limit', '0'],
    ]) {
      const command = ['failures', ...args];
      parts.push(transcript(command, await runCommandLine(command, { cwd: folder() }), folder()));
    }
    assertGolden(join(import.meta.dirname, 'failures.txt'), parts.join('\n'));
  });
});
