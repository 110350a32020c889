import assert from 'node:assert/strict';
import {
  noYield,
  type PhaseSnapshot,
  type PhaseObservation,
} from '../../../../src/core/model/phaseObservation.ts';
import {
  isNamed,
  leftTrace,
  wasWorkedOn,
  detectExecutedPhase,
} from '../../../../src/core/drain/detectExecutedPhase.ts';
import { phaseSnapshot } from '../../../support/phaseSnapshot.ts';

const work = { attempts: [1, 0], tokens: 10, startedAt: null, completedAt: 'then' };
const silent = { stdoutTail: '', stderrTail: '' };

function observed(phases: readonly PhaseSnapshot[], more: Partial<PhaseObservation> = {}): PhaseObservation {
  const [phase = null, ...siblings] = phases;
  const marks = { estimation: 0, escalation: 0, usage: 0 };
  return { phase, siblings, marks, hasTelemetryTable: true, runRevision: 'r', yields: [], ...more };
}

describe('wasWorkedOn', () => {
  const queued = phaseSnapshot({ work });
  const failed = phaseSnapshot({ state: 'FAILED', failureReason: 'old', work });
  const changes: readonly [string, PhaseSnapshot, Partial<PhaseSnapshot>, boolean][] = [
    ['touched, as every queued phase at the start of a drain', queued, { revision: '2' }, false],
    ['put back in the queue', failed, { state: 'QUEUED', revision: '2' }, false],
    ['put back in the queue, without its reason', failed, { state: 'QUEUED', failureReason: null }, false],
    [
      'put back with its times and attempts reset',
      failed,
      { state: 'QUEUED', work: { ...work, attempts: [0, 0], completedAt: null } },
      false,
    ],
    ['completed', queued, { state: 'COMPLETE' }, true],
    ['failed', queued, { state: 'FAILED' }, true],
    ['under way', queued, { state: 'EXECUTING' }, true],
    ['another attempt, back in the queue', queued, { work: { ...work, attempts: [2, 0] } }, true],
    ['another attempt of the auditor', queued, { work: { ...work, attempts: [1, 1] } }, true],
    ['one counter reset, the other counted', queued, { work: { ...work, attempts: [0, 1] } }, true],
    ['another reason', failed, { failureReason: 'new' }, true],
    ['more tokens', queued, { work: { ...work, tokens: 11 } }, true],
    ['begun again', failed, { work: { ...work, startedAt: 'now' } }, true],
    ['ended again, with the same reason', failed, { work: { ...work, completedAt: 'now' } }, true],
    ['unknown before, as in an older session', { ...queued, work: null }, { revision: '2' }, false],
  ];
  for (const [name, before, change, expected] of changes) {
    it(`${expected ? 'sees' : 'does not take for work'}: ${name}`, () => {
      assert.equal(wasWorkedOn(before, { ...before, ...change }), expected);
    });
  }
});

describe('whatRan', () => {
  const asked = phaseSnapshot({ phaseId: 'p6', phaseIndex: 5 });
  const first = phaseSnapshot({ phaseId: 'p1' });
  const second = phaseSnapshot({ phaseId: 'p2', phaseIndex: 1 });
  const before = observed([asked, first, second]);
  const touched = (phase: PhaseSnapshot): PhaseSnapshot => ({ ...phase, revision: 'touched' });

  it('finds the phase that ran in place of the one asked for, though every queued row was touched', () => {
    const done = { ...touched(first), state: 'COMPLETE' };
    const after = observed([touched(asked), done, touched(second)]);
    const ran = detectExecutedPhase('run', asked, before, after, silent);
    assert.equal(ran.isAskedFor, false);
    assert.deepEqual(ran.main, { before: first, after: done });
    assert.deepEqual(ran.others, []);
  });

  it('keeps to the phase asked for where nothing ran at all, and where it ran itself', () => {
    const nothing = detectExecutedPhase(
      'run',
      asked,
      before,
      observed([asked, first, second].map(touched)),
      silent,
    );
    assert.deepEqual([nothing.isAskedFor, nothing.others], [true, []]);
    const own = observed([{ ...asked, state: 'FAILED' }, touched(first), touched(second)]);
    assert.deepEqual(detectExecutedPhase('run', asked, before, own, silent).others, []);
  });

  it('goes by telemetry where rows say nothing, and prefers the phase that gave some', () => {
    const yields = [{ runId: 'run', phaseId: 'p2', yield: { ...noYield, llmCalls: 1 } }];
    const after = observed([asked, { ...first, failureReason: 'replanned' }, second], { yields });
    const ran = detectExecutedPhase('run', asked, before, after, silent);
    assert.equal(ran.main.before.phaseId, 'p2');
    assert.deepEqual(
      ran.others.map((each) => each.before.phaseId),
      ['p1'],
    );
  });

  it('knows a phase that was left executing before, where the output names it', () => {
    const stale = observed([asked, { ...first, state: 'EXECUTING' }]);
    const after = observed([asked, { ...first, state: 'COMPLETE' }]);
    assert.equal(
      detectExecutedPhase('run', asked, stale, after, silent).isAskedFor,
      true,
      'another program may be at it',
    );
    const output = { stdoutTail: '[p1] Reset to QUEUED', stderrTail: '' };
    assert.equal(detectExecutedPhase('run', asked, stale, after, output).main.before.phaseId, 'p1');
  });
});

describe('isNamed', () => {
  it('does not take one id for another that begins like it', () => {
    for (const [text, expected] of [
      ['[p1] done', true],
      ['run/p1: done', true],
      ['p10 done', false],
      ['map1', false],
      ['p1-tests', false],
    ] as const) {
      assert.equal(isNamed('p1', { stdoutTail: text, stderrTail: '' }), expected, text);
    }
    assert.equal(isNamed('a.b(c', { stdoutTail: '', stderrTail: 'x a.b(c y' }), true);
  });
});

describe('leftTrace', () => {
  const before = observed([phaseSnapshot(), phaseSnapshot({ phaseId: 'q' })]);
  const traces: readonly [string, PhaseObservation, boolean][] = [
    ['nothing', before, false],
    [
      'telemetry of another run',
      { ...before, yields: [{ runId: 'other', phaseId: 'p', yield: noYield }] },
      false,
    ],
    [
      'a row that was touched',
      observed([phaseSnapshot(), phaseSnapshot({ phaseId: 'q', revision: '2' })]),
      true,
    ],
    ['the row of the run', { ...before, runRevision: 's' }, true],
    ['telemetry of the run', { ...before, yields: [{ runId: 'run', phaseId: 'z', yield: noYield }] }, true],
    [
      'telemetry under no run',
      { ...before, yields: [{ runId: 'unknown', phaseId: 'p', yield: noYield }] },
      true,
    ],
    ['a phase that is gone', observed([phaseSnapshot()]), true],
  ];
  for (const [name, after, expected] of traces) {
    it(`${expected ? 'is' : 'is not'} ${name}`, () => {
      assert.equal(leftTrace('run', before, after), expected);
    });
  }
});
