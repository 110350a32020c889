import assert from 'node:assert/strict';
import { ModelError } from '../../../../src/core/builders/modelPort.ts';
import { CancelledError } from '../../../../src/core/errors.ts';
import { answer, BuilderWorld, reported } from '../../../support/builderWorld.ts';

const phaseId = 'telemetry-p1-string-util';
const path = 'examples/telemetry_utils/string_helper.py';
const good = answer([{ path, content: 'pass\n' }], 714);

describe('a builder at the limits of its provider', () => {
  let world: BuilderWorld;
  beforeEach(() => {
    world = new BuilderWorld();
  });

  it('waits as long as the server says, and tries again', async () => {
    world.next(new ModelError('rate-limit', 'Slow down.', { retryAfterMs: 7000 }), good);
    const result = await world.build(phaseId);
    assert.equal(result.reason, null);
    assert.deepEqual(world.slept, [7000]);
    assert.equal(world.rows('llm_usage_events').length, 1);
    assert.ok(world.activities.some(({ step, until }) => step === 'waiting' && until !== undefined));
  });

  it('puts the phase back where the server wants more patience than the phase has time', async () => {
    world.next(new ModelError('rate-limit', 'Slow down.', { retryAfterMs: 200_000 }));
    const result = await world.build(phaseId, { timeoutMs: 100_000 });
    assert.match(result.reason ?? '', /rate_limit_error.*asks to wait 200 s/);
    const phase = world.phase(phaseId);
    assert.deepEqual([phase.state, phase.builder_attempts], ['QUEUED', 0]);
  });

  for (const [kind, step] of [
    ['wrong-key', /API key/],
    ['quota', /credit/],
    ['unknown-model', /model/],
    ['no-access', /access/],
    ['no-consent', /Allow/],
    ['unreachable', /server/],
  ] as const) {
    it(`leaves the phase queued and says what to do: ${kind}`, async () => {
      world.next(new ModelError(kind, 'The server said no.'));
      const before = [world.one('SELECT state FROM runs').state, world.one('SELECT state FROM tiers').state];
      const result = await world.build(phaseId);
      assert.match(result.problem?.nextStep ?? '', step);
      const phase = world.phase(phaseId);
      assert.deepEqual([phase.state, phase.builder_attempts, phase.started_at], ['QUEUED', 0, null]);
      assert.deepEqual(
        [world.one('SELECT state FROM runs').state, world.one('SELECT state FROM tiers').state],
        before,
      );
      assert.equal(world.rows('phase_outcome_events').length, 0);
    });
  }

  it('stops the drain for a mistake of the client itself, which every phase would meet', async () => {
    world.next(new TypeError('cannot read properties of undefined'));
    const result = await world.build(phaseId);
    assert.match(result.problem?.message ?? '', /^The model could not be called: /);
    assert.equal(world.phase(phaseId).state, 'QUEUED');
  });

  it('counts a stall as a timeout', async () => {
    world.next(new ModelError('stalled', 'Nothing came for 60 s.', { usage: reported(1000, 40) }));
    const result = await world.build(phaseId);
    assert.equal(result.outcome, 'timed-out');
    assert.equal(world.phase(phaseId).state, 'FAILED');
    assert.equal(world.rows('phase_outcome_events')[0]?.phase_outcome, 'TIMEOUT');
    assert.equal(world.rows('llm_usage_events')[0]?.total_tokens, 1040);
  });

  it('records what a cancelled call had answered, and puts the phase back', async () => {
    const end = new AbortController();
    world.next((_request, signal, onOutput) => {
      onOutput('x'.repeat(400));
      end.abort();
      return Promise.reject(signal.aborted ? new CancelledError('The call') : new Error('not told'));
    });
    const result = await world.build(phaseId, {}, end.signal);
    assert.equal(result.outcome, 'cancelled');
    const phase = world.phase(phaseId);
    assert.deepEqual([phase.state, phase.builder_attempts], ['QUEUED', 0]);
    const [event] = world.rows('token_estimation_v2_events');
    assert.deepEqual([event?.actual_output_tokens, event?.success], [112, 0]);
  });
});
