import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failedFiles, mochaResult, readMochaReport } from '../../runner/mochaReport.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('readMochaReport', () => {
  const folder = temporaryFolder();
  const write = async (report: Readonly<Record<string, readonly object[]>>) => {
    const file = join(folder(), 'report.json');
    await writeFile(file, JSON.stringify(report));
    return file;
  };
  const good = { fullTitle: 'a works', err: {} };

  const result = async (file: string, exitCode: number, output: string) =>
    mochaResult(await readMochaReport(file, exitCode, output));

  it('counts tests, names the skipped and shows why a test failed', async () => {
    const failure = { fullTitle: 'b works', err: { message: 'no', stack: 'Error: no\n    at b' } };
    const skipped = { fullTitle: 'c works (skipped: no file)', err: {} };
    const file = await write({ passes: [good, good], pending: [skipped], failures: [failure] });
    const { passed, failed, skipped: titles, details } = await result(file, 1, 'noise');
    assert.deepEqual([passed, failed, titles], [2, 1, ['c works (skipped: no file)']]);
    assert.match(details, /b works\nError: no/);
  });

  it('counts a run that broke off after passing tests as failed', async () => {
    const file = await write({ passes: [good], pending: [], failures: [] });
    const { passed, failed, details } = await result(file, 7, 'the process died');
    assert.deepEqual([passed, failed], [1, 1]);
    assert.match(details, /exit code 7\)\nthe process died/);
  });

  it('counts a run without a test as failed', async () => {
    const file = await write({ passes: [], pending: [], failures: [] });
    assert.equal((await result(file, 0, '')).failed, 1);
  });

  it('counts a run without a report as failed', async () => {
    const { failed, details } = await result(join(folder(), 'none.json'), 0, 'cannot load');
    assert.equal(failed, 1);
    assert.match(details, /cannot load/);
  });

  describe('with a second run of the files with a failed test', () => {
    const err = { message: 'too early' };
    const ofFile = (file: string, name: string, failed = false) => ({
      ...{ fullTitle: `${file} ${name}`, file: `${file}.test.ts`, err: failed ? err : {} },
    });
    const first = {
      passes: [ofFile('a', 'works'), ofFile('b', 'works')],
      pending: [ofFile('b', 'waits')],
      failures: [ofFile('b', 'clicks', true)],
    };

    it('runs each such file, and none where the failure is no test of a file', () => {
      const twice = [...first.failures, ofFile('b', 'opens', true), ofFile('c', 'opens', true)];
      assert.deepEqual(failedFiles({ ...first, failures: twice }), ['b.test.ts', 'c.test.ts']);
      assert.deepEqual(failedFiles({ ...first, failures: [...twice, { fullTitle: 'the run', err }] }), []);
    });

    it('counts each test once, and names those that failed at first with the reason', () => {
      const second = { ...first, passes: [ofFile('b', 'works'), ofFile('b', 'clicks')], failures: [] };
      const { passed, failed, skipped, retried, details } = mochaResult(first, second);
      assert.deepEqual([passed, failed, skipped, retried], [3, 0, ['b waits'], ['b clicks']]);
      assert.match(details, /first run: b clicks\ntoo early/);
    });

    it('fails where a test fails again', () => {
      const second = { ...first, passes: [ofFile('b', 'works')] };
      const { passed, failed, details } = mochaResult(first, second);
      assert.deepEqual([passed, failed], [2, 1]);
      assert.match(details, /✖ b clicks\ntoo early/);
    });
  });
});
