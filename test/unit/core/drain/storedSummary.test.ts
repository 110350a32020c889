import assert from 'node:assert/strict';
import german from '../../../../media/l10n/bundle.l10n.de.json' with { type: 'json' };
import type { DrainRequest } from '../../../../src/core/drain/drainOptions.ts';
import type { DrainSummary } from '../../../../src/core/drain/drainSummary.ts';
import { storedSummary } from '../../../../src/core/drain/restoreSession.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { completes, DrainWorld, failsWith } from '../../../support/drainWorld.ts';

describe('what a drain came to, from its session files', () => {
  afterEach(() => provideTranslations(() => null));

  async function both(
    world: DrainWorld,
    request: DrainRequest = {},
  ): Promise<{ told: DrainSummary; stored: DrainSummary | null }> {
    const told = await world.drain(request);
    const saved = world.saved.at(-1);
    assert.ok(saved);
    const stored = storedSummary({ sessionPath: told.sessionPath ?? '', ...saved });
    return { told, stored };
  }

  it('is what the drain told itself, but for what was not taken', async () => {
    const worlds: [DrainWorld, DrainRequest][] = [
      [new DrainWorld([{}, {}], completes), {}],
      [new DrainWorld([{}, {}, {}], failsWith('ImportError: no module x')), { batchSize: 2 }],
      [
        new DrainWorld(
          [{ runId: 'a' }, { runId: 'b' }, { runId: 'c' }],
          failsWith('ImportError: no module x'),
        ),
        { maxConsecutiveZeroYield: 2 },
      ],
    ];
    for (const [world, request] of worlds) {
      const { told, stored } = await both(world, request);
      assert.ok(stored);
      assert.deepEqual(stored, {
        ...told,
        // Of the session's last write, and of its last result.
        activeMs: stored.activeMs,
        endedAt: stored.endedAt,
        notTaken: [],
        warnings: [],
      });
    }
  });

  it('asks once to resume where the advice does so already, in German too', async () => {
    for (const [translations, call] of [
      [null, /resume the session/g],
      [german, /nehmen Sie dann die Sitzung wieder auf/gi],
    ] as const) {
      provideTranslations(() => translations);
      const world = new DrainWorld([{}, {}], failsWith('Error code: 401 - authentication_error'));
      const { told, stored } = await both(world);
      assert.equal(told.stop.kind, 'environment');
      assert.equal(stored?.nextStep, told.nextStep);
      assert.equal(told.nextStep.match(call)?.length, 1);
    }
  });

  it('is not there for a drain that was killed, and for one of Autopack', async () => {
    const world = new DrainWorld([{}], completes);
    await world.drain();
    const [begun] = world.saved;
    assert.ok(begun);
    assert.equal(storedSummary({ sessionPath: '/s.json', ...begun }), null);
    assert.equal(storedSummary({ sessionPath: '/s.json', session: begun.session, facts: null }), null);
  });
});
