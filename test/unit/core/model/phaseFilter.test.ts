import assert from 'node:assert/strict';
import {
  anyPhase,
  filterTest,
  hasMatch,
  isFiltering,
  type MatchedPhase,
  matchWords,
  type PhaseFilter,
} from '../../../../src/core/model/phaseFilter.ts';

const phase = {
  runId: 'Build-7',
  phaseId: 'p1-auth',
  name: 'Sign in with Ümlaut',
  state: 'FAILED',
  category: 'Tests',
  complexity: 'low',
};
const passes = (filter: Partial<PhaseFilter>, own: Partial<MatchedPhase> = {}): boolean =>
  filterTest({ ...anyPhase, ...filter })({ ...phase, ...own });

describe('a filter of phases', () => {
  it('finds its text in the ids and the name, whatever the case', () => {
    for (const text of ['', ' ', 'build-7', 'AUTH', ' auth ', 'sign in', 'ÜMLAUT']) {
      assert.ok(passes({ text }), text);
    }
    for (const text of ['build-8', 'p1 auth', 'tests', 'failed']) assert.ok(!passes({ text }), text);
  });

  it('wants any of the states, categories and complexities, and one of each', () => {
    assert.ok(passes({ states: ['QUEUED', 'FAILED'], categories: ['docs', 'tests'], complexities: ['LOW'] }));
    assert.ok(passes({ states: ['failed'] }));
    assert.ok(!passes({ states: ['QUEUED'] }));
    assert.ok(!passes({ states: ['FAILED'], text: 'none' }));
    assert.ok(!passes({ categories: ['test'] }), 'whole names only');
    assert.ok(passes({ categories: ['testing', 'doc'] }), 'by any name');
    assert.ok(!passes({ categories: ['tests'] }, { category: null }));
    assert.ok(passes({ categories: ['unknown'] }, { category: ' ' }));
    assert.ok(passes({}, { category: null, complexity: null }));
  });

  it('knows whether it leaves anything out', () => {
    assert.deepEqual([isFiltering(anyPhase), isFiltering({ ...anyPhase, text: ' ' })], [false, false]);
    assert.deepEqual(
      [isFiltering({ ...anyPhase, states: ['FAILED'] }), hasMatch({ ...anyPhase, text: 'a' })],
      [true, true],
    );
  });

  it('says in words what it asks for besides states', () => {
    assert.deepEqual(matchWords(anyPhase), []);
    const words = matchWords({ text: ' Auth ', categories: ['Tests', 'docs'], complexities: ['low'] });
    assert.deepEqual(words, ['"Auth"', 'tests or docs', 'low']);
  });
});
