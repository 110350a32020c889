import assert from 'node:assert/strict';
import { simulate } from '../../../../support/calibrationSimulation.ts';

/** The short form of `test/soak/calibration.test.ts`: fewer repetitions, so its margins are wider by chance alone. */
describe('calibration, by simulation with known truth', function () {
  this.timeout(120_000);

  it('keeps its promise for fresh phases of all kinds, from 100 phases, at little more waste than knowing the truth', () => {
    const found = simulate({ phases: 100 }, 8, 1500);
    assert.equal(found.proposed, 1);
    assert.ok(found.exceeding <= 0.065, `${found.exceeding}`);
    assert.ok(found.worstKind <= 0.1, `${found.worstKind}`);
    // An oracle that knows every kind and the spread has 2.31.
    assert.ok(found.wasteMean <= 2.55, `${found.wasteMean}`);
    assert.ok(found.factorSpread <= 0.1, `${found.factorSpread}`);
    assert.ok(found.neededSpread <= 0.1, `${found.neededSpread}`);
  });

  for (const cutOff of [0.01, 0.04, 0.12]) {
    it(`is withheld, or as safe as promised, where ${100 * cutOff} % of calls are cut off`, () => {
      const { proposed, exceeding } = simulate({ phases: 100, cutOff }, 3, 1500);
      if (proposed > 0) assert.ok(exceeding <= 0.075, `${exceeding} of ${proposed}`);
      if (cutOff > 0.01) assert.equal(proposed, 0);
    });
  }

  for (const [name, world] of [
    ['a shift halfway', { phases: 160, shift: 1.8 }],
    [
      'two models of which one needs twice as much',
      { phases: 160, models: { factor: 2, confounded: false } },
    ],
    ['models that go together with kinds', { phases: 160, models: { factor: 2, confounded: true } }],
  ] as const) {
    it(`is withheld for ${name}`, () => {
      assert.equal(simulate(world, 2, 200).proposed, 0);
    });
  }
});
