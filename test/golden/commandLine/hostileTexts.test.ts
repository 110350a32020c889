import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runCommandLine } from '../../support/commandLine.ts';
import { forgedLine, hostileText, unsafeCharacter } from '../../support/hostileTexts.ts';

describe('command line, on a database full of escapes', function () {
  this.timeout(120_000);
  // One for all: what a command leaves behind is shown by the next.
  let place = '';
  const folder = (): string => place;
  after(() => rm(place, { recursive: true, force: true }));
  // What a file may be called on this system; a line feed in it would be the tester's own doing.
  const name = process.platform === 'win32' ? 'seed.db' : 'seed\u001b[31m\u202e\u009b\u200b.db';
  const run = (...args: string[]) => runCommandLine(args, { cwd: folder() });

  before(async () => {
    place = await realpath(await mkdtemp(join(tmpdir(), 'autopack-hygiene-test-')));
    assert.equal((await run('init', '--database', name, '--role', 'seed')).exitCode, 0);
    assert.equal((await run('seed', '--database', name, '--yes')).exitCode, 0);
    const database = new DatabaseSync(join(folder(), name), { enableForeignKeyConstraints: false });
    const plant = (sql: string, ...values: (string | number)[]): void =>
      void database.prepare(sql).run(...values);
    plant('UPDATE runs SET id = id || ?', hostileText);
    plant('UPDATE tiers SET run_id = run_id || ?', hostileText);
    plant(
      `UPDATE phases SET run_id = run_id || ?, phase_id = phase_id || ?, name = ?, description = ?, task_category = task_category || ?,
       complexity = complexity || ?`,
      ...Array<string>(6).fill(hostileText),
    );
    plant(
      `UPDATE phases SET state = 'FAILED', last_failure_reason = 'broken ' || ? WHERE phase_index < 3`,
      hostileText,
    );
    plant(`UPDATE phases SET state = 'EXECUTING', updated_at = '2020-01-01 00:00:00' WHERE phase_index = 3`);
    plant('UPDATE phases SET state = ? WHERE phase_index = 4', `ODD${hostileText}`);
    plant(
      `INSERT INTO token_estimation_v2_events (run_id, phase_id, timestamp, category, complexity, deliverable_count,
       deliverables_json, predicted_output_tokens, actual_output_tokens, selected_budget, actual_max_tokens, success,
       truncated, is_truncated_output, created_at, stop_reason, model) SELECT run_id, phase_id, '2026-01-02 03:04:05', task_category, complexity, 1, '["a.py"]',
       1000, 500, 8192, 8192, 1, 0, 0, '2026-01-02 03:04:05', 'end_turn', 'model' || ? FROM phases`,
      hostileText,
    );
    plant(`CREATE TABLE "odd${hostileText.replaceAll('"', '')}" (run_id TEXT)`);
    plant(`INSERT INTO "odd${hostileText.replaceAll('"', '')}" SELECT id FROM runs`);
    database.close();
  });

  const runId = `telemetry-collection-v4${hostileText}`;
  const commands: readonly (readonly string[])[] = [
    ['identity'],
    ['doctor'],
    ['failures'],
    ['stale'],
    ['sessions'],
    ['coverage'],
    ['analyze'],
    ['calibrate', '--min-samples', '1'],
    ['counts', '--label', `before${hostileText}`],
    ['counts', '--compare-to', `none${hostileText}`],
    ['drain', '--dry-run'],
    ['drain', '--dry-run', '--run-id', runId],
    ['drain', '--run-id', `none${hostileText}`, '--yes'],
    ['drain', '--executor', 'example', '--yes', '--batch-size', '2'],
    ['sessions'],
    ['requeue', '--all', '--dry-run'],
    ['requeue', '--phase', `${runId}/none`, '--yes'],
    ['requeue', '--run-id', runId, '--yes'],
    ['stale', '--mark-failed', '--yes'],
    ['backup'],
    ['backup', '--list'],
    ['seed', '--run-id', runId, '--yes'],
    ['delete-run', runId, '--dry-run'],
    ['delete-run', runId],
    ['delete-run', `none${hostileText}`, '--yes'],
    ['delete-run', runId, '--yes'],
    ['restore', '--yes'],
    ['adopt', '--role', 'legacy', '--yes'],
    ['quickstart', '--executor', 'example'],
    ['export', '--format', 'md'],
    ['export', '--format', 'html'],
    ['export', '--format', 'csv', '--output', `out${hostileText.replaceAll('/', '')}.csv`],
    ['nonsense', hostileText],
  ];
  const withoutDatabase = new Set(['sessions', 'nonsense']);
  for (const args of commands) {
    const all = withoutDatabase.has(args[0] ?? '') ? args : [...args, '--database', name];
    it(`shows what does not show as escapes: ${JSON.stringify(args).slice(0, 70)}`, async () => {
      const { stdout, stderr } = await run(...all);
      for (const [stream, text] of Object.entries({ stdout, stderr })) {
        assert.doesNotMatch(text, unsafeCharacter, `${stream}: ${JSON.stringify(text).slice(0, 2000)}`);
        assert.doesNotMatch(text, forgedLine, `${stream}: ${JSON.stringify(text).slice(0, 2000)}`);
      }
      assert.notEqual(stdout + stderr, '');
    });
  }

  it('keeps them as they are for programs, in valid JSON', async () => {
    const { stdout } = await run('drain', '--dry-run', '--json', '--database', name);
    assert.ok(JSON.stringify(JSON.parse(stdout)).includes(JSON.stringify(hostileText).slice(1, -1)));
    const exported = await run('export', '--format', 'ndjson', '--database', name);
    const [line = ''] = exported.stdout.split('\n');
    assert.ok(String((JSON.parse(line) as { model: unknown }).model).endsWith(hostileText));
    const table = await run('export', '--format', 'csv', '--database', name);
    assert.ok(table.stdout.includes(`${hostileText.replaceAll('"', '""')}"`));
  });

  it('writes reports in which nothing planted takes effect', async () => {
    await run('calibrate', '--min-samples', '1', '--output-dir', 'out', '--database', name);
    const files = (await readdir(join(folder(), 'out'))).filter((each) => each.endsWith('.md'));
    for (const file of files) {
      const text = await readFile(join(folder(), 'out', file), 'utf8');
      assert.doesNotMatch(text, unsafeCharacter);
      assert.doesNotMatch(text, /(?<!\\)\]\(command|(?<!\\)<img/);
    }
    assert.notEqual(files.length, 0);
  });
});
