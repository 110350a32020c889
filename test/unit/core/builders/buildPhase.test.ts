import assert from 'node:assert/strict';
import { lastAttempt } from '../../../../src/core/builders/attemptJournal.ts';
import type { ModelReply } from '../../../../src/core/builders/modelPort.ts';
import { answer, boundary, BuilderWorld, reported } from '../../../support/builderWorld.ts';

const phaseId = 'telemetry-p1-string-util';
const path = 'examples/telemetry_utils/string_helper.py';
const content = 'def reverse_string(text):\n    return text[::-1]\n';
const good = answer([{ path, content }], 714);

describe('buildPhase', () => {
  let world: BuilderWorld;
  beforeEach(() => {
    world = new BuilderWorld();
  });

  it('writes what was answered, and settles the phase with its telemetry', async () => {
    world.next(good);
    const result = await world.build(phaseId);
    assert.deepEqual([result.outcome, result.reason, result.problem], ['ended', null, null]);
    assert.equal(world.files.get(path), content);
    const phase = world.phase(phaseId);
    assert.deepEqual(
      [phase.state, phase.builder_attempts, phase.tokens_used, phase.last_failure_reason],
      ['COMPLETE', 1, 1914, null],
    );
    assert.deepEqual(world.rows('llm_usage_events'), [
      {
        id: 1,
        provider: 'openai',
        model: 'test-model',
        run_id: world.runId,
        phase_id: phaseId,
        role: 'builder',
        total_tokens: 1914,
        prompt_tokens: 1200,
        completion_tokens: 714,
        created_at: '2026-01-02 03:04:06.000000',
        client_id: null,
        is_doctor_call: 0,
        doctor_model: null,
        doctor_action: null,
        phase_type: null,
        intent: null,
      },
    ]);
    // floor(1.3 x (634 + 2000)) for one new backend file of low complexity; the budget is at least 8192.
    const [event] = world.rows('token_estimation_v2_events');
    assert.equal(event?.predicted_output_tokens, 3424);
    assert.deepEqual(
      [event.actual_output_tokens, event.selected_budget, event.actual_max_tokens, event.deliverables_json],
      [714, 8192, 8192, `["${path}"]`],
    );
    assert.deepEqual(
      [event.success, event.truncated, event.is_truncated_output, event.stop_reason, event.underestimated],
      [1, 0, 0, 'end_turn', 0],
    );
    assert.ok(Math.abs(Number(event.smape_percent) - (200 * (3424 - 714)) / (3424 + 714)) < 1e-9);
    assert.ok(Math.abs(Number(event.waste_ratio) - 3424 / 714) < 1e-12);
    const [outcome] = world.rows('phase_outcome_events');
    assert.deepEqual(
      [outcome?.phase_outcome, outcome?.stop_reason, outcome?.tokens_used, outcome?.model_used],
      ['SUCCESS', 'completed', 1914, 'test-model'],
    );
    assert.equal(world.requests[0]?.maxTokens, 8192);
    assert.ok(
      world.logged.some((line) =>
        line.startsWith('[TokenEstimationV2] predicted_output=3424 actual_output=714 '),
      ),
    );
    assert.equal(lastAttempt(world.journal)?.end?.kind, 'settled');
  });

  it('keeps no more of the phase in its journal than what tells its claim', async () => {
    world.native.exec(
      `UPDATE phases SET description = '${'long '.repeat(100_000)}' WHERE phase_id = '${phaseId}'`,
    );
    world.next(good);
    await world.build(phaseId);
    assert.ok(JSON.stringify(world.journal).length < 3000);
  });

  it('asks once more for an answer that cannot be read, and counts both calls', async () => {
    world.next({ ...good, text: 'Certainly! Here is the file.', usage: reported(1000, 60) }, good);
    const result = await world.build(phaseId);
    assert.equal(result.reason, null);
    assert.match(world.requests[1]?.messages.at(-1)?.text ?? '', /could not be used/);
    const events = world.rows('token_estimation_v2_events');
    assert.deepEqual(
      events.map(({ actual_output_tokens, success }) => [actual_output_tokens, success]),
      [
        [60, 0],
        [714, 1],
      ],
    );
    assert.equal(world.rows('llm_usage_events').length, 2);
    assert.equal(world.phase(phaseId).tokens_used, 1060 + 1914);
  });

  it('fails a phase whose second answer cannot be read either', async () => {
    const bad = { ...good, text: 'No.' };
    world.next(bad, bad);
    const result = await world.build(phaseId);
    assert.match(result.reason ?? '', /^The answer could not be used: /);
    assert.equal(world.phase(phaseId).state, 'FAILED');
    assert.equal(world.phase(phaseId).last_failure_reason, result.reason);
    assert.equal(world.rows('phase_outcome_events')[0]?.phase_outcome, 'FAILED');
    assert.equal(world.files.size, 0);
  });

  it('tells the next attempt why the last one failed', async () => {
    world.verification = { problems: ['string_helper.py: 2 tests failed.'], notChecked: [] };
    world.next(good, good);
    await world.build(phaseId);
    assert.equal(world.phase(phaseId).state, 'FAILED');
    assert.equal(world.files.size, 0, 'what did not pass is not left in the workspace');
    world.verification = { problems: [], notChecked: [] };
    await world.build(phaseId);
    assert.match(world.requests[1]?.messages[0]?.text ?? '', /2 tests failed/);
    const phase = world.phase(phaseId);
    assert.deepEqual([phase.state, phase.builder_attempts], ['COMPLETE', 2]);
  });

  it('writes nothing at all where one path is refused', async () => {
    world.refused.push({ path: '.vscode/settings.json', reason: 'It changes what VS Code runs.' });
    world.next(good);
    const result = await world.build(phaseId);
    assert.match(result.reason ?? '', /^Nothing was written: \.vscode\/settings\.json is refused\. /);
    assert.deepEqual([...world.files.keys()], []);
    assert.ok(result.notes.some((note) => note.includes('.vscode/settings.json')));
  });

  it('asks no model for a file that may not be written', async () => {
    const scope = JSON.stringify({ deliverables: [path, '.git/hooks/pre-commit'] });
    world.native.prepare('UPDATE phases SET scope = ? WHERE phase_id = ?').run(scope, phaseId);
    const result = await world.build(phaseId);
    assert.match(
      result.reason ?? '',
      /asks for a file that may not be written: \.git\/hooks\/pre-commit is protected/,
    );
    assert.deepEqual([world.requests.length, world.phase(phaseId).state], [0, 'FAILED']);
  });

  describe('an answer that was cut off', () => {
    const cut: ModelReply = {
      text: good.text.slice(0, 90),
      usage: reported(1200, 8192),
      stopReason: 'max_tokens',
    };

    it('fails as such, and its sample is a lower bound', async () => {
      world.next(cut);
      const result = await world.build(phaseId);
      assert.match(result.reason ?? '', /cut off at the limit of 8,192 tokens/);
      const [event] = world.rows('token_estimation_v2_events');
      assert.deepEqual([event?.success, event?.truncated, event?.is_truncated_output], [0, 1, 1]);
    });

    it('is continued where that is switched on, as one call', async () => {
      const lines = good.text.split('\n');
      const head = `${lines.slice(0, 2).join('\n')}\n    retu`;
      const rest = lines.slice(2).join('\n');
      world.next(
        { text: head, usage: reported(1200, 8192), stopReason: 'max_tokens' },
        { text: rest, usage: reported(9400, 50), stopReason: 'end_turn' },
      );
      const result = await world.build(phaseId, { continueCut: true });
      assert.equal(result.reason, null);
      assert.equal(world.files.get(path), content);
      const [event, another] = world.rows('token_estimation_v2_events');
      assert.equal(another, undefined);
      assert.deepEqual([event?.actual_output_tokens, event?.success, event?.truncated], [8242, 1, 0]);
      assert.equal(world.rows('llm_usage_events')[0]?.prompt_tokens, 10_600);
    });
  });

  it('marks what was counted here, and records no split that nobody reported', async () => {
    world.next({ ...good, usage: { ...reported(900, 700), source: 'counted' }, stopReason: null });
    await world.build(phaseId);
    const [usage] = world.rows('llm_usage_events');
    assert.deepEqual(
      [usage?.total_tokens, usage?.prompt_tokens, usage?.completion_tokens],
      [1600, null, null],
    );
    assert.equal(world.rows('token_estimation_v2_events')[0]?.stop_reason, 'counted');
  });

  it('makes no further call once the budget of the drain is used up', async () => {
    world.budget = { tokens: null, cost: 0.05 };
    world.next({ ...good, text: 'No.' });
    const result = await world.build(phaseId);
    assert.match(result.reason ?? '', /budget of the drain is used up/);
    assert.equal(world.requests.length, 1);
  });

  describe('with a person who is asked', () => {
    it('writes what was approved', async () => {
      const shown: unknown[] = [];
      world.person = {
        approve: (proposal) => (shown.push(proposal.files), Promise.resolve('approved')),
      };
      world.next(good);
      await world.build(phaseId);
      assert.deepEqual(shown, [[{ path, before: null, after: content }]]);
      assert.equal(world.files.get(path), content);
    });

    it('writes nothing that was rejected', async () => {
      world.person = { approve: () => Promise.resolve('rejected') };
      world.next(good);
      const result = await world.build(phaseId);
      assert.match(result.reason ?? '', /rejected/);
      assert.equal(world.phase(phaseId).state, 'FAILED');
      assert.equal(world.files.size, 0);
    });

    it('stops the drain where nobody is there', async () => {
      world.person = { approve: () => Promise.resolve('absent') };
      world.next(good);
      const result = await world.build(phaseId);
      assert.ok(result.problem !== null);
      assert.equal(world.phase(phaseId).state, 'QUEUED');
      assert.equal(world.rows('llm_usage_events').length, 1, 'the call was made all the same');
    });
  });

  it('puts the files back where another program has changed the phase meanwhile', async () => {
    world.next(() => {
      world.native.exec(`UPDATE phases SET state = 'SKIPPED' WHERE phase_id = '${phaseId}'`);
      return Promise.resolve(good);
    });
    const result = await world.build(phaseId);
    assert.equal(world.files.size, 0);
    assert.equal(world.phase(phaseId).state, 'SKIPPED');
    assert.ok(result.notes.some((note) => note.includes('changed by another program')));
    assert.equal(world.rows('llm_usage_events').length, 1);
  });

  it('does not take a phase that is done', async () => {
    world.native.exec(`UPDATE phases SET state = 'COMPLETE' WHERE phase_id = '${phaseId}'`);
    assert.equal((await world.build(phaseId)).outcome, 'refused');
    assert.equal(world.requests.length, 0);
  });

  it('records no call twice, however often an attempt is settled', async () => {
    world.next(good);
    await world.build(phaseId);
    const claim = world.journal.find((entry) => entry.kind === 'claimed')?.claim;
    const call = world.journal.flatMap((entry) =>
      entry.kind === 'call-ended' && entry.call ? [entry.call] : [],
    );
    assert.ok(claim !== undefined);
    const again = { state: 'QUEUED', reason: null, timedOut: false, calls: call } as const;
    assert.equal(await world.ledger.settle(claim, again), false);
    assert.equal(world.rows('llm_usage_events').length, 1);
    assert.equal(world.phase(phaseId).state, 'COMPLETE');
  });

  it('ends tier and run with their last phase, as done or for review', async () => {
    const phases = world.rows('phases').map(({ phase_id }) => String(phase_id));
    for (const each of phases.slice(1)) {
      world.native.exec(`UPDATE phases SET state = 'COMPLETE' WHERE phase_id = '${each}'`);
    }
    world.next({ ...good, text: 'No.' }, { ...good, text: 'No.' }, good);
    await world.build(phaseId);
    assert.equal(world.one('SELECT state FROM runs').state, 'DONE_FAILED_REQUIRES_HUMAN_REVIEW');
    await world.build(phaseId);
    assert.equal(world.one('SELECT state FROM runs').state, 'DONE_SUCCESS');
    assert.equal(world.one('SELECT state FROM tiers').state, 'COMPLETE');
    assert.ok(boundary.length >= 12);
  });
});
