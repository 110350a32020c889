import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commandLink } from '../../../../src/editor/commands/commandLink.ts';
import {
  idOfTarget,
  phaseTarget,
  phaseTargets,
  runTarget,
  runTargets,
} from '../../../../src/editor/commands/targets.ts';

describe('arguments of commands', () => {
  const phase = { runId: 'run-a', phaseId: 'phase-a' };
  const odd = { runId: 'a) b', phaseId: '"(' };

  it('are taken from anything that names a run or a phase', () => {
    assert.deepEqual(phaseTarget({ ...phase, kind: 'phase', more: 1 }), phase);
    assert.deepEqual(runTarget(phase), { runId: 'run-a' });
    assert.equal(idOfTarget(phase), 'phase-a');
    assert.equal(idOfTarget({ runId: 'run-a' }), 'run-a');
  });

  it('are, of several rows, the runs or the phases among them', () => {
    const rows = [{ runId: 'run-a', kind: 'run' }, phase, { kind: 'tier' }, null];
    assert.deepEqual(runTargets(rows), [{ runId: 'run-a' }]);
    assert.deepEqual(phaseTargets(rows), [phase]);
    assert.deepEqual(runTargets(undefined), []);
  });

  it('are refused with a next step where they name nothing', () => {
    for (const argument of [undefined, null, 'run-a', {}, { runId: 7 }, { runId: '' }]) {
      assert.throws(() => runTarget(argument), { code: 'invalid-argument' });
    }
    assert.throws(() => phaseTarget({ runId: 'run-a' }), {
      code: 'invalid-argument',
      nextStep: 'Try again on the phase in the Runs view.',
    });
  });

  it('travel through a link', () => {
    const link = commandLink('Drain (this)', 'drainPhase', odd);
    const [, query = ''] =
      /^\[Drain \(this\)\]\(command:autopackHygiene\.drainPhase\?([^)]*)\)$/.exec(link) ?? [];
    assert.deepEqual(JSON.parse(decodeURIComponent(query)), [odd]);
    assert.equal(commandLink('Log', 'showLog'), '[Log](command:autopackHygiene.showLog)');
  });
});
