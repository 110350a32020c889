import assert from 'node:assert/strict';
import { retryingLedger } from '../../../../src/core/drain/executionHostFor.ts';
import { busyTimeoutMs, cancelledTimeoutMs } from '../../../../src/core/drain/retryTransient.ts';
import { UserFacingError, type ErrorCode } from '../../../../src/core/errors.ts';
import type { ClaimKey, PhaseLedgerPort, PhaseSettlement } from '../../../../src/core/model/executionHost.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { answer, BuilderWorld } from '../../../support/builderWorld.ts';

const key = { runId: 'build-1', phaseId: 'parser' };
const claim: ClaimKey = {
  ...{ ...key, attempt: 1, claimedAt: 0 },
  before: { phase: 'QUEUED', tier: null, run: null },
};
const settlement: PhaseSettlement = { state: 'COMPLETE', reason: null, timedOut: false, calls: [] };

/** A ledger that fails as told, one failure after the other, and a clock that only sleeping moves. */
class World {
  now = 0;
  tries = 0;
  readonly ending = new AbortController();
  readonly ledger: PhaseLedgerPort;

  constructor(failsWith: (tries: number) => ErrorCode | null) {
    const attempt = <T>(value: T): Promise<T> => {
      const code = failsWith((this.tries += 1));
      return code === null
        ? Promise.resolve(value)
        : Promise.reject(new UserFacingError(code, 'The server is away.', 'Wait.'));
    };
    const clock = {
      now: () => this.now,
      sleep: (ms: number): Promise<void> => {
        this.now += ms;
        return Promise.resolve();
      },
    };
    const failing = {
      claim: () => attempt(null),
      holds: () => attempt(true),
      settle: () => attempt(true),
    };
    this.ledger = retryingLedger(failing, clock, this.ending.signal);
  }
}

describe('retryingLedger', () => {
  it('writes again what was not written for what passes by itself', async () => {
    for (const code of ['unreachable', 'busy', 'locked'] as const) {
      const world = new World((tries) => (tries < 4 ? code : null));
      assert.equal(await world.ledger.settle(claim, settlement), true);
      assert.equal(world.tries, 4);
    }
  });

  it('does not write again what may have been written, nor what no waiting helps against', async () => {
    for (const code of ['uncertain', 'lease-lost', 'other-database', 'timed-out'] as const) {
      const world = new World(() => code);
      await rejectsWith(code, world.ledger.settle(claim, settlement));
      await rejectsWith(code, world.ledger.claim(key));
      assert.equal(world.tries, 2);
    }
  });

  it('gives up within a bound, and says what is kept and how to go on', async () => {
    const world = new World(() => 'unreachable');
    const error = await rejectsWith('unreachable', world.ledger.settle(claim, settlement));
    assert.ok(world.now >= busyTimeoutMs && world.now < busyTimeoutMs + 1000, String(world.now));
    assert.equal(error.message, 'parser of build-1 could not be settled within 90 s: The server is away.');
    assert.match(error.nextStep, /^Resume the session once .* calls that were made are in the journal/);
  });

  it('claims nothing more once it is cancelled, and settles for a shorter time', async () => {
    const world = new World(() => 'unreachable');
    world.ending.abort();
    await rejectsWith('unreachable', world.ledger.claim(key));
    assert.equal(world.tries, 1);
    await rejectsWith('unreachable', world.ledger.settle(claim, settlement));
    assert.ok(world.now >= cancelledTimeoutMs && world.now < cancelledTimeoutMs + 1000, String(world.now));
  });
});

describe('a phase of which nobody can say whether it was settled', () => {
  it('keeps its files and its open journal for whoever looks', async () => {
    const [phaseId, path] = ['telemetry-p1-string-util', 'examples/telemetry_utils/string_helper.py'];
    const content = 'def reverse_string(text):\n    return text[::-1]\n';
    for (const [code, isKept] of [
      ['uncertain', true],
      ['disk-full', false],
    ] as const) {
      const world = new BuilderWorld();
      world.next(answer([{ path, content }], 714));
      world.ledger.settle = () => Promise.reject(new UserFacingError(code, 'It was cut.', 'Look.'));
      await rejectsWith(code, world.build(phaseId));
      assert.equal(world.files.has(path), isKept, code);
      assert.notEqual(world.journal.at(-1)?.kind, 'settled');
    }
  });
});
