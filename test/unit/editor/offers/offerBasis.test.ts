import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  basisChange,
  type OfferBasis,
  type OfferedContent,
  offerExpired,
  offerSubject,
} from '../../../../src/editor/offers/offerBasis.ts';

const content: OfferedContent = {
  kind: 'content',
  fileId: '1:2',
  id: 'an-id',
  role: 'seed',
  level: 'ask',
  runs: 1,
  phases: { QUEUED: 10 },
};
const basis: OfferBasis = {
  selected: '/project/a.db',
  path: '/project/a.db',
  isOfSelection: true,
  content,
};
const unselected: OfferBasis = { ...basis, selected: '/project/b.db' };
const withContent = (changes: Partial<OfferedContent>): OfferBasis => ({
  ...basis,
  content: { ...content, ...changes },
});
const gone: OfferBasis = { ...basis, content: { kind: 'problem', code: 'not-found' } };

describe('what an offer rests on', () => {
  const changes: readonly (readonly [what: string, before: OfferBasis, now: OfferBasis, string | null])[] = [
    ['nothing', basis, structuredClone(basis), null],
    ['another selection', basis, { ...basis, selected: '/project/b.db' }, 'b.db is selected now'],
    [
      'another protection',
      basis,
      withContent({ level: 'read-only' }),
      'the protection of a.db is Read-Only now',
    ],
    [
      'a selection of the same name elsewhere',
      basis,
      { ...basis, selected: '/other/a.db' },
      '/other/a.db is selected now',
    ],
    ['an offer begun after another one was selected', unselected, unselected, 'b.db is selected now'],
    [
      'a database just made, which is not selected yet',
      { ...unselected, isOfSelection: false },
      { ...unselected, isOfSelection: false },
      null,
    ],
    [
      'another selection since it was made',
      { ...unselected, isOfSelection: false },
      { ...unselected, isOfSelection: false, selected: '/project/c.db' },
      'c.db is selected now',
    ],
    ['no selection', basis, { ...basis, selected: null }, 'a.db is no longer selected'],
    ['another identity', basis, withContent({ id: 'other' }), 'a.db has another identity now'],
    ['an identity it lacked', withContent({ id: null }), basis, 'a.db has another identity now'],
    [
      'another role',
      basis,
      withContent({ role: 'legacy' }),
      'a.db is now legacy backlog, not telemetry seed',
    ],
    ['another file', basis, withContent({ fileId: '1:3' }), 'another file took the place of a.db'],
    ['a run more', basis, withContent({ runs: 2 }), 'a.db has 2 runs now, not 1'],
    [
      'a phase in another state',
      basis,
      withContent({ phases: { QUEUED: 9, FAILED: 1 } }),
      'the phases of a.db changed: 10 queued before, 9 queued, 1 failed now',
    ],
    ['a state without phases', basis, withContent({ phases: { QUEUED: 10, FAILED: 0 } }), null],
    ['a file that is gone', basis, gone, 'a.db can no longer be read'],
    ['a file that is there again', gone, basis, 'a.db was replaced or changed meanwhile'],
    ['a file that is still gone', gone, gone, null],
    [
      'another file behind the link',
      basis,
      { ...basis, selected: '/elsewhere/a.db', path: '/elsewhere/a.db' },
      '/elsewhere/a.db is selected now',
    ],
  ];
  for (const [what, before, now, change] of changes) {
    it(`tells ${what}`, () => assert.equal(basisChange(before, now), change));
  }

  it('says in plain words what no longer applies, and that nothing happened', () => {
    const { code, message } = offerExpired('Drain 10 Phases', 'b.db is selected now');
    assert.equal(code, 'changed');
    assert.equal(message, '"Drain 10 Phases" no longer applies: b.db is selected now. Nothing was changed.');
  });

  it('names the database with role and path', () => {
    assert.equal(offerSubject(basis), 'Database: a.db (telemetry seed) · Protection: Ask\n/project/a.db');
    assert.equal(offerSubject(gone), 'Database: a.db\n/project/a.db');
  });
});
