import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logName } from '../../../../src/core/drain/sessionNames.ts';
import { anyCharacter } from '../../../support/anyCharacter.ts';

describe('logName', () => {
  it('is the name Autopack gives, where that is safe', () => {
    assert.equal(
      logName({ runId: 'telemetry-collection-v4', phaseId: 'p1.2_x' }, 1),
      'telemetry-collection-v4__p1.2_x',
    );
    assert.equal(logName({ runId: 'r', phaseId: 'p' }, 2), 'r__p~attempt2');
  });

  it('keeps devices, separators and dots out', () => {
    for (const id of [
      'CON',
      'nul.txt',
      '..',
      '../../etc',
      'a/b',
      'a\\b',
      'a:b',
      'trailing.',
      'a?b*c',
      '',
      'a\u0000b',
    ]) {
      const name = logName({ runId: id, phaseId: 'p' }, 1);
      assert.match(name, /^[\p{L}\p{N}._-]*~[0-9a-f]{8}__p$/u, name);
      assert.doesNotMatch(name, /^\.+[/\\~]|^(?:con|nul)(?:\.|$)/i);
    }
  });

  it('is short, and never the same for two phases', () => {
    const id = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 300 }),
      fc.constantFrom('a', 'A', 'é', 'e\u0301', 'a_', '_a', 'a__b', 'b', 'a/b', 'a:b'),
    );
    fc.assert(
      fc.property(id, id, id, id, (runId, phaseId, otherRun, otherPhase) => {
        const name = logName({ runId, phaseId }, 1);
        assert.ok(name.length <= 2 * 70 + 2);
        if (runId === otherRun && phaseId === otherPhase) return;
        const other = logName({ runId: otherRun, phaseId: otherPhase }, 1);
        assert.notEqual(name.toLowerCase(), other.toLowerCase());
      }),
    );
  });
});
