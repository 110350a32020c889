import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { applyProgress, newLiveDrain } from '../../../../src/core/drain/drainProgress.ts';
import { countOutcomes } from '../../../../src/core/drain/drainResult.ts';
import { drainMarkdown } from '../../../../src/editor/drains/writeDrainReport.ts';
import { DrainProgressReporter } from '../../../../src/editor/drains/drainProgressReporter.ts';
import { summarySentence } from '../../../../src/editor/drains/sessionTexts.ts';
import { exampleResult, exampleSummary } from '../support/examples.ts';

const folder = '/project/.autonomous_runs/batch_drain_sessions/s';

describe('what a drain tells', () => {
  it('moves its notification on by one phase at a time, and never past the end', () => {
    const tally = new DrainProgressReporter();
    const starting = newLiveDrain({
      databasePath: '/project/seed.db',
      workspaceFolder: '/project',
      executor: 'example',
      startedAt: 0,
    });
    assert.deepEqual(tally.report(starting), { message: 'starting…', increment: 0 });
    let live = applyProgress(starting, {
      kind: 'session-started',
      sessionId: 's',
      sessionPath: '/s.json',
      executor: 'example',
      candidates: 30,
      batchSize: 2,
    });
    assert.deepEqual(tally.report(live), { message: '2 phases with the example executor', increment: 0 });
    const increments = [true, false, true].map((success) => {
      live = applyProgress(live, { kind: 'phase-finished', result: exampleResult({ success }) });
      return tally.report(live).increment;
    });
    assert.deepEqual(increments, [50, 50, 0]);
    live = applyProgress(live, {
      kind: 'phase-started',
      key: { runId: 'run-a', phaseId: 'phase-b' },
      number: 2,
      of: 2,
      attempt: 1,
      reason: 'A sample of its run.',
      startedAt: 0,
      timeoutMs: 1,
    });
    assert.equal(tally.report(live).message, 'phase 2 of 2, phase-b (2 complete, 1 failed)');
    live = applyProgress(live, { kind: 'pause-changed', pause: 'pausing', at: 5 });
    assert.match(tally.report(live).message, /^phase 2 of 2, .*; pausing after this phase$/);
    live = applyProgress({ ...live, inFlight: null }, { kind: 'pause-changed', pause: 'paused', at: 6 });
    assert.match(tally.report(live).message, /^paused after 1 of 2 phases /);
    assert.equal(tally.report({ ...live, isCancelling: true }).message, 'ending the phase under way…');
  });

  it('is written down with links to the logs that a viewer follows', () => {
    const text = drainMarkdown(exampleSummary(), '/project/seed.db', folder);
    assert.match(text, /1 executed: 1 complete\n/);
    assert.match(text, /\[output\]\(logs\/a%20b\.stdout\.txt\)/);
    assert.doesNotMatch(text, /## Not drained|## Warnings/);
  });

  it('calls no phase failed that was cut short', () => {
    const results = [
      exampleResult(),
      exampleResult({ success: false }),
      exampleResult({ success: false, outcome: 'timed-out' }),
      exampleResult({ success: false, outcome: 'cancelled' }),
      exampleResult({ success: false, outcome: 'interrupted' }),
    ];
    const summary = exampleSummary({ ...countOutcomes(results), results, events: 2 });
    assert.equal(
      summarySentence(summary),
      '5 phases drained in 12 s: 1 complete, 2 failed (1 timed out), 1 cancelled, 1 interrupted; 2 samples. Analyze the telemetry.',
    );
    const text = drainMarkdown(summary, '/project/seed.db', folder);
    assert.match(text, /5 executed: 1 complete, 2 failed \(1 timed out\), 1 cancelled, 1 interrupted\n/);
  });

  it('says in one sentence what all executions failed with, and nothing where they differ', () => {
    const failed = exampleResult({
      success: false,
      error: 'Refused:  no answer\nis recorded.',
      fingerprint: 'f',
    });
    const told = (...results: ReturnType<typeof exampleResult>[]): string =>
      summarySentence(
        exampleSummary({ ...countOutcomes(results), results, events: 0, nextStep: 'Repair it.' }),
      );
    assert.match(
      told(failed, failed),
      /: 2 failed; 0 samples\. Refused: no answer is recorded\. Repair it\.$/,
    );
    assert.match(told(failed, { ...failed, fingerprint: 'g' }), /0 samples\. Repair it\.$/);
    assert.match(told(failed, exampleResult()), /0 samples\. Repair it\.$/);
    assert.match(told({ ...failed, error: 'x'.repeat(500) }), / x{180}… Repair it\.$/);
  });

  it('explains every failure, and what was left alone', () => {
    const failed = exampleResult({
      success: false,
      finalState: 'FAILED',
      error: 'ImportError: no module named x',
      zeroYield: {
        code: 'failed_before_llm',
        cause: 'import-error',
        evidence: 'ImportError: no module named x',
        advice: 'Install it.',
      },
      notes: ['Another phase ran.'],
    });
    const phases = [{ runId: 'run-b', phaseId: 'p' }];
    const notTaken = [{ code: 'run-stopped', reason: 'The run was stopped.', phases }] as const;
    const text = drainMarkdown(
      exampleSummary({ results: [failed], succeeded: 0, failed: 1, notTaken }),
      '/project/seed.db',
      folder,
    );
    assert.match(text, /### phase-a of run-a\n\n```text\nImportError: no module named x\n```/);
    assert.match(text, /Install it\./);
    assert.match(text, /- Another phase ran\./);
    const odd = exampleSummary({ results: [exampleResult({ notes: ['Another phase ran.'] })] });
    assert.match(
      drainMarkdown(odd, '/project/seed.db', folder),
      /### phase-a of run-a\n\n- Another phase ran\./,
    );
    assert.match(text, /## Not drained\n\n- 1 phase: The run was stopped\./);
  });
});
