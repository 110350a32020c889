import assert from 'node:assert/strict';
import {
  knownVariables,
  offeredVariables,
  resumedVariables,
  variablesIn,
} from '../../../../src/core/drain/knownVariables.ts';

const none = { skipsCi: false, bootstraps: false, wantsTrue: false };
const all = { skipsCi: true, bootstraps: true, wantsTrue: true };

describe("variables of Autopack's that a drain may set", () => {
  const cases = [
    [
      'none where Autopack knows none',
      { runIds: ['telemetry-collection-v4'], isMigrated: false, source: none },
      {},
      [],
    ],
    [
      'CI for telemetry runs alone',
      { runIds: ['build-1'], isMigrated: true, source: { ...none, skipsCi: true } },
      {},
      [],
    ],
    [
      'all of them',
      { runIds: ['build-1', 'telemetry-collection-v4'], isMigrated: false, source: all },
      {},
      ['AUTOPACK_SKIP_CI=1', 'AUTOPACK_DB_BOOTSTRAP=1', 'TELEMETRY_DB_ENABLED=true'],
    ],
    [
      'no bootstrap where migrations made the database',
      { runIds: ['telemetry-collection-v4'], isMigrated: true, source: all },
      {},
      ['AUTOPACK_SKIP_CI=1', 'TELEMETRY_DB_ENABLED=true'],
    ],
    [
      'none that is set',
      { runIds: ['telemetry-collection-v4'], isMigrated: true, source: all },
      { AUTOPACK_SKIP_CI: '1', TELEMETRY_DB_ENABLED: '1' },
      [],
    ],
  ] as const;
  for (const [name, facts, given, expected] of cases) {
    it(`are offered with a reason: ${name}`, () => {
      const offers = offeredVariables(facts, given);
      assert.deepEqual(
        offers.map((each) => each.split(' ')[0]),
        expected,
      );
      for (const offer of offers) assert.match(offer, /^\S+ is not set: it .{20,}\.$/);
    });
  }

  it('are taken as given, and refused where they are unknown or make no sense', () => {
    assert.deepEqual(knownVariables({ TELEMETRY_DB_ENABLED: 'true' }), { TELEMETRY_DB_ENABLED: 'true' });
    for (const given of [
      { DATABASE_URL: 'sqlite:///x' },
      { AUTOPACK_SKIP_CI: 'yes' },
      { constructor: '1' },
      { '': '' },
    ]) {
      assert.throws(() => knownVariables(given), { code: 'invalid-argument' });
    }
  });

  it('of a session are set again on a resume, or it is said why not', () => {
    const skip = { AUTOPACK_SKIP_CI: '1' };
    const table: readonly [
      recorded: Record<string, string>,
      given: Record<string, string> | null,
      set: Record<string, string>,
      note: RegExp | null,
    ][] = [
      [{}, skip, skip, null],
      [skip, skip, skip, null],
      [skip, {}, skip, /^AUTOPACK_SKIP_CI=1 is set again, as in the session so far\.$/],
      [skip, null, {}, /^AUTOPACK_SKIP_CI=1 of the session is not set: this executor uses no variables\.$/],
      [
        { TELEMETRY_DB_ENABLED: 'true' },
        { TELEMETRY_DB_ENABLED: '1' },
        { TELEMETRY_DB_ENABLED: '1' },
        /^TELEMETRY_DB_ENABLED=1 is set; the session had TELEMETRY_DB_ENABLED=true so far\.$/,
      ],
      [{ DATABASE_URL: 'sqlite:///x.db' }, {}, {}, /^DATABASE_URL of the session is not set/],
      [{ AUTOPACK_SKIP_CI: 'yes' }, {}, {}, /^AUTOPACK_SKIP_CI of the session is not set/],
      [{ constructor: '1' }, {}, {}, /^constructor of the session is not set/],
    ];
    for (const [recorded, given, set, note] of table) {
      const { environment, notes } = resumedVariables(recorded, given);
      assert.deepEqual(environment, set);
      if (note === null) assert.deepEqual(notes, []);
      else assert.match(notes.join(), note);
    }
  });

  it('are known from the environment, but for the one that the drain sets itself', () => {
    const environment = {
      AUTOPACK_SKIP_CI: '1',
      TELEMETRY_DB_ENABLED: '0',
      AUTOPACK_DB_BOOTSTRAP: '',
      HOME: '/',
    };
    assert.deepEqual(variablesIn(environment), { AUTOPACK_SKIP_CI: '1' });
  });
});
