import assert from 'node:assert/strict';
import { evidenceSection } from '../../../../../src/core/telemetry/report/reportSections.ts';
import { PhaseRateTally } from '../../../../../src/core/telemetry/evidence/riskInterval.ts';
import {
  telemetryEvidence,
  type TelemetryEvidence,
} from '../../../../../src/core/telemetry/evidence/telemetryEvidence.ts';
import { withLogs } from '../../../../../src/core/telemetry/logs/reconcileLogs.ts';
import { wilsonInterval } from '../../../../../src/core/telemetry/statistics/interval.ts';
import { seededKinds, simulatedSamples, type Simulation } from '../calibration/simulatedSamples.ts';
import { line, log } from '../logs/logFixtures.ts';
import { close } from '../statistics/close.ts';

function evidenceOf(simulation: Partial<Simulation>): TelemetryEvidence {
  const evidence = telemetryEvidence(simulatedSamples({ kinds: seededKinds, phases: 60, ...simulation }));
  assert.ok(evidence !== null);
  return evidence;
}

describe('telemetry evidence', () => {
  it('gives each rate its interval: Wilson where every phase has one call', () => {
    const { underestimation, truncation, budgetRisk } = evidenceOf({
      but: (number, { predicted }) => ({
        actual: number % 10 === 0 ? predicted + 1 : predicted - 1,
        ...(number % 20 === 1 ? { truncated: true } : {}),
        limit: number < 30 ? 16_384 : NaN,
      }),
    });
    assert.deepEqual([underestimation?.count, underestimation?.samples], [6, 57]);
    const { low, high } = wilsonInterval(6, 57);
    close(underestimation?.interval.low, 100 * low, 1e-9);
    close(underestimation?.interval.high, 100 * high, 1e-9);
    assert.deepEqual([truncation?.count, truncation?.samples], [3, 60]);
    // Only half of the calls tell their limit; two of those were cut off.
    assert.deepEqual([budgetRisk?.count, budgetRisk?.samples], [2, 30]);
  });

  it('takes repeats of a phase for less than independent calls', () => {
    const width = ({ underestimation }: TelemetryEvidence): number =>
      (underestimation?.interval.high ?? 0) - (underestimation?.interval.low ?? 0);
    const single = width(evidenceOf({ phases: 200 }));
    const repeated = width(evidenceOf({ phases: 40, samplesPerPhase: 5 }));
    assert.ok(repeated > 1.6 * single, `${repeated} against ${single}`);
  });

  it('counts alike whether few or many of many phases were met', () => {
    for (const met of [10, 4096, 4097, 6000]) {
      const [many, few] = [new PhaseRateTally(100_000), new PhaseRateTally(met)];
      for (let sample = 0; sample < 2 * met; sample += 1) {
        many.add(7 * (sample % met), sample % 3 === 0);
        few.add(sample % met, sample % 3 === 0);
      }
      assert.deepEqual(many.risk(), few.risk());
    }
  });

  it('tells what each model does', () => {
    const { models } = evidenceOf({
      but: (number, { actual }) => (number % 3 === 0 ? { model: 'model-b', actual: actual * 4 } : {}),
    });
    assert.deepEqual(
      models.map(({ model, underestimation }) => [model, underestimation?.samples]),
      [
        ['model-a', 40],
        ['model-b', 20],
      ],
    );
    assert.ok((models[1]?.underestimation?.ratePct ?? 0) > 80);
  });

  it('compares models and times with kinds of phases held equal', () => {
    // All tests last, and tests need twice as much: nothing has changed for all that.
    const kinds = seededKinds.map((kind) => ({ ...kind, factor: kind.category === 'tests' ? 2 : 0.5 }));
    const timestamp = (number: number): number =>
      number + (kinds[number % kinds.length]?.category === 'tests' ? 10_000 : 0);
    const { drift } = evidenceOf({ kinds, but: (number) => ({ timestamp: timestamp(number) }) });
    assert.equal(drift.comparisons.length, 1);
    assert.equal(drift.comparisons[0]?.blocking, false);
    assert.equal(drift.alarm, null);
  });

  it('raises few false alarms, however many phases there are, and finds a change all the same', () => {
    const alarms = (phases: number, factor: number): number => {
      let found = 0;
      for (let seed = 1; seed <= 60; seed += 1) {
        const { drift } = evidenceOf({
          phases,
          seed,
          but: (number, { actual }) => (number > 0.75 * phases ? { actual: actual * factor } : {}),
        });
        if (drift.alarm !== null) found += 1;
      }
      return found;
    };
    // Promised are about 3 of 60, more where Autopack itself is estimated from few; test/soak asks more often.
    for (const phases of [60, 200]) assert.ok(alarms(phases, 1) <= 8, `${phases}: ${alarms(phases, 1)}`);
    assert.ok(alarms(200, 1.3) >= 57, `${alarms(200, 1.3)}`);
  });

  it('says so where times are not known', () => {
    const { drift } = evidenceOf({ but: () => ({ timestamp: NaN }) });
    assert.deepEqual(drift, { comparisons: [], alarm: null, timed: false });
  });

  it('counts a call cut off as at least what it used, failed or not, but not a wrong or a recorded one', () => {
    const cut = { truncated: true };
    const { ratio } = evidenceOf({
      but: (number) =>
        [cut, { ...cut, success: false }, { ...cut, model: 'recorded-example' }, { ...cut, actual: 0 }][
          number
        ] ?? {},
    });
    assert.deepEqual([ratio?.samples, ratio?.truncated], [56, 2]);
  });

  it('counts a call cut off that only a log tells of as well, as it counts the whole ones', () => {
    const { samples } = withLogs(null, [log('a.log', line(), line({ truncated: true, actual: 1000 }))]);
    const { ratio, truncation } = telemetryEvidence(samples) ?? {};
    assert.deepEqual([ratio?.samples, ratio?.truncated], [1, 1]);
    assert.deepEqual([truncation?.count, truncation?.samples], [1, 2]);
  });

  it('shows no bias where no call was cut off: both ways of counting then find the same', () => {
    for (const phases of [1, 2, 30, 37, 40]) {
      for (const { plain, censored } of evidenceOf({ phases }).ratio?.quantiles ?? []) {
        close(censored, plain, 1e-12);
      }
    }
  });

  it('has no interval of P90 below 36 phases, nor of P95 below 72, however many calls they have', () => {
    for (const [phases, known] of [
      [5, [false, false, false]],
      [35, [true, false, false]],
      [36, [true, true, false]],
      [71, [true, true, false]],
      [90, [true, true, true]],
    ] as const) {
      const { ratio } = evidenceOf({ phases, samplesPerPhase: 4 });
      assert.deepEqual(
        ratio?.quantiles.map(({ interval }) => interval !== null),
        known,
        `${phases} phases`,
      );
    }
  });

  it('is nothing without a real sample', () => {
    const recorded = simulatedSamples({
      kinds: seededKinds,
      phases: 20,
      but: () => ({ model: 'recorded-example' }),
    });
    assert.equal(telemetryEvidence(recorded), null);
  });

  it('reads as a section of the report', () => {
    const { heading, blocks } = evidenceSection(evidenceOf({}));
    assert.equal(heading, 'Evidence');
    assert.deepEqual(
      blocks.map(({ kind }) => kind),
      ['text', 'table', 'text', 'table', 'list'],
    );
  });
});
