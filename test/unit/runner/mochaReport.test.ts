import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMochaReport } from '../../runner/mochaReport.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('readMochaReport', () => {
  const folder = temporaryFolder();
  const write = async (report: Readonly<Record<string, readonly object[]>>) => {
    const file = join(folder(), 'report.json');
    await writeFile(file, JSON.stringify(report));
    return file;
  };
  const good = { fullTitle: 'a works', err: {} };

  it('counts tests, names the skipped and shows why a test failed', async () => {
    const failure = { fullTitle: 'b works', err: { message: 'no', stack: 'Error: no\n    at b' } };
    const skipped = { fullTitle: 'c works (skipped: no file)', err: {} };
    const file = await write({ passes: [good, good], pending: [skipped], failures: [failure] });
    const { passed, failed, skipped: titles, details } = await readMochaReport(file, 1, 'noise');
    assert.deepEqual([passed, failed, titles], [2, 1, ['c works (skipped: no file)']]);
    assert.match(details, /b works\nError: no/);
  });

  it('names the tests that passed at a second attempt, and why the first one failed', async () => {
    const retry = { fullTitle: 'a works', err: { message: 'too early' } };
    const failure = { fullTitle: 'b works', err: { message: 'no' } };
    const report = { passes: [good], pending: [], failures: [failure], retries: [retry] };
    const { passed, retried, details } = await readMochaReport(await write(report), 1, '');
    assert.deepEqual([passed, retried], [1, ['a works']]);
    assert.match(details, /first attempt: a works\ntoo early/);
  });

  it('counts a run that broke off after passing tests as failed', async () => {
    const file = await write({ passes: [good], pending: [], failures: [] });
    const { passed, failed, details } = await readMochaReport(file, 7, 'the process died');
    assert.deepEqual([passed, failed], [1, 1]);
    assert.match(details, /the process died/);
  });

  it('counts a run without a test as failed', async () => {
    const file = await write({ passes: [], pending: [], failures: [] });
    assert.equal((await readMochaReport(file, 0, '')).failed, 1);
  });

  it('counts a run without a report as failed', async () => {
    const { failed, details } = await readMochaReport(join(folder(), 'none.json'), 0, 'cannot load');
    assert.equal(failed, 1);
    assert.match(details, /cannot load/);
  });
});
