import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  identityCautions,
  type DatabaseCandidate,
  type DatabaseLook,
} from '../../../../src/editor/database/databaseCandidate.ts';

type Autopack = Extract<DatabaseLook, { kind: 'autopack' }>;

const candidate = (name: string, look: Partial<Autopack> = {}): DatabaseCandidate => ({
  path: `/project/${name}`,
  namedBy: [],
  look: {
    kind: 'autopack',
    role: 'seed',
    runs: 1,
    phases: 10,
    modifiedAt: 0,
    id: name,
    level: 'ask',
    fileId: `1:${name}`,
    known: 'unknown',
    original: null,
    ...look,
  },
});
const cautions = (...candidates: DatabaseCandidate[]): unknown =>
  Object.fromEntries([...identityCautions(candidates)].map(([path, text]) => [path.slice(9), text]));

describe('what Select Database marks', () => {
  const table: readonly (readonly [what: string, DatabaseCandidate[], Record<string, string>])[] = [
    ['an adopted database that is known', [candidate('a.db', { known: 'same' })], {}],
    ['an adopted one that is new here', [candidate('a.db')], {}],
    ['one without an identity', [candidate('a.db', { id: null })], { 'a.db': 'not adopted' }],
    [
      'a copy whose original is known',
      [candidate('b.db', { known: 'copy', original: '/elsewhere/a.db' })],
      { 'b.db': 'a copy of a.db' },
    ],
    ['a restored file', [candidate('a.db', { known: 'copy' })], { 'a.db': 'a copy or a restored file' }],
    [
      'another database in a known place',
      [candidate('a.db', { known: 'other' })],
      { 'a.db': 'not the database known here' },
    ],
    [
      'a copy of a known one, in a folder that does not know it',
      [candidate('a.db', { known: 'same', id: 'x' }), candidate('b.db', { id: 'x' })],
      { 'b.db': 'a copy of a.db' },
    ],
    [
      'two files of one identity, where nothing tells which is the original',
      [candidate('a.db', { id: 'x' }), candidate('b.db', { id: 'x' })],
      { 'a.db': 'same identity as b.db', 'b.db': 'same identity as a.db' },
    ],
    [
      'two names of one file',
      [candidate('a.db', { id: 'x', fileId: '1:2' }), candidate('b.db', { id: 'x', fileId: '1:2' })],
      {},
    ],
    [
      'what is no Autopack database',
      [{ path: '/project/c.db', namedBy: [], look: { kind: 'other', reason: 'damaged' } }],
      {},
    ],
  ];
  for (const [what, candidates, expected] of table) {
    it(what, () => assert.deepEqual(cautions(...candidates), expected));
  }
});
