import assert from 'node:assert/strict';
import {
  isBulkChange,
  requirementOf,
  type Consent,
  type ProtectedOperation,
  type Requester,
  type Requirement,
} from '../../../../src/core/identity/protection.ts';
import { levelChange } from '../../../../src/core/identity/setLevel.ts';
import {
  isStricter,
  parseLevel,
  protectionLevels,
  type ProtectionLevel,
} from '../../../../src/core/model/protectionLevel.ts';

const requesters: readonly Requester[] = ['terminal', 'editor', 'agent', 'script'];
const consents: readonly Consent[] = ['none', 'yes', 'name', 'approval'];
const writes: readonly ProtectedOperation[] = [
  'seed',
  'drain',
  'mark-stale',
  'requeue',
  'delete-run',
  'canary',
  'adopt',
  'restore',
  'move-aside',
];

/** What a write takes of each requester, in the order of {@link requesters}, without any consent. */
const wanted: Readonly<
  Record<ProtectionLevel, { readonly single: readonly Requirement[]; readonly bulk: readonly Requirement[] }>
> = {
  open: {
    single: ['nothing', 'nothing', 'nothing', 'nothing'],
    bulk: ['yes', 'yes', 'yes', 'yes'],
  },
  ask: { single: ['yes', 'yes', 'yes', 'yes'], bulk: ['yes', 'yes', 'yes', 'yes'] },
  confirm: {
    single: ['name', 'name', 'approval', 'approval'],
    bulk: ['name', 'name', 'approval', 'approval'],
  },
  'read-only': {
    single: ['refused', 'refused', 'refused', 'refused'],
    bulk: ['refused', 'refused', 'refused', 'refused'],
  },
};

/** The consents that satisfy what is wanted. */
const enough: Readonly<Record<Requirement, readonly Consent[]>> = {
  nothing: ['none', 'yes', 'name', 'approval'],
  yes: ['yes', 'name', 'approval'],
  name: ['name', 'approval'],
  approval: ['approval'],
  refused: [],
};

describe('what a write takes', () => {
  for (const level of protectionLevels) {
    for (const [index, requester] of requesters.entries()) {
      for (const bulk of ['single', 'bulk'] as const) {
        const base = wanted[level][bulk][index] ?? assert.fail();
        it(`of a ${requester} at ${level}, ${bulk}: ${base}`, () => {
          for (const operation of writes) {
            for (const consent of consents) {
              const request = { level, operation, isBulk: bulk === 'bulk', requester, consent };
              const expected = enough[base].includes(consent) ? 'nothing' : base;
              assert.equal(requirementOf(request), expected, `${operation} with ${consent}`);
            }
          }
        });
      }
    }
  }

  it('is a yes to raise a level, of whomever and from wherever', () => {
    for (const level of protectionLevels) {
      for (const requester of requesters) {
        const request = { level, operation: 'raise-level', isBulk: false, requester } as const;
        assert.equal(requirementOf({ ...request, consent: 'none' }), 'yes');
        assert.equal(requirementOf({ ...request, consent: 'yes' }), 'nothing');
      }
    }
  });

  it('is a human who types the name to lower one; no flag and no approval stands for that', () => {
    for (const level of protectionLevels) {
      for (const requester of requesters) {
        for (const consent of ['none', 'yes', 'approval'] as const) {
          const request = { level, operation: 'lower-level', isBulk: true, requester, consent } as const;
          const isHuman = requester === 'terminal' || requester === 'editor';
          if (isHuman && consent === 'approval') continue;
          assert.equal(requirementOf(request), isHuman ? 'name' : 'refused');
        }
      }
    }
  });

  it('is more for a change of several things that were there', () => {
    const bulk = (operation: ProtectedOperation): boolean[] => [1, 2].map((n) => isBulkChange(operation, n));
    assert.deepEqual(bulk('seed'), [false, false]);
    assert.deepEqual(bulk('canary'), [false, false]);
    assert.deepEqual(bulk('requeue'), [false, true]);
    assert.deepEqual(bulk('mark-stale'), [false, true]);
    for (const operation of ['drain', 'delete-run', 'adopt', 'restore', 'move-aside'] as const) {
      assert.deepEqual(bulk(operation), [true, true]);
    }
  });
});

describe('protection levels', () => {
  it('are in an order, and a change is up or down', () => {
    assert.equal(isStricter('confirm', 'ask'), true);
    assert.equal(isStricter('ask', 'ask'), false);
    assert.equal(levelChange('ask', 'ask'), null);
    assert.equal(levelChange('open', 'read-only'), 'raise-level');
    assert.equal(levelChange('confirm', 'ask'), 'lower-level');
  });

  it('are the strictest where a stored one is not known', () => {
    for (const level of protectionLevels) assert.equal(parseLevel(level), level);
    for (const forged of ['', 'OPEN', 'none', 'open ']) assert.equal(parseLevel(forged), 'read-only');
  });
});
