import assert from 'node:assert/strict';
import { calibrate } from '../../../../src/core/telemetry/calibration/calibrate.ts';
import {
  asked,
  calibrating,
  initialModel,
  received,
  type PageModel,
} from '../../../../src/webview/model/pageModel.ts';
import { viewOf } from '../../../support/telemetryPage/viewOf.ts';
import { sample, samplesOf } from '../../core/telemetry/sampleFixtures.ts';

const database = { fileName: 'a.db', path: '/a.db', role: 'seed', id: 'an-id' } as const;
const other = { fileName: 'b.db', path: '/b.db', role: 'legacy', id: 'an-id' } as const;
const view = viewOf(samplesOf(sample()));
const error = { code: 'busy', message: 'a.db is busy.', nextStep: 'Try again.' } as const;

const report = (model: PageModel): PageModel =>
  received(model, { kind: 'report', request: model.request, database, state: 's1', view, warnings: [] });

describe('model of the telemetry page', () => {
  const first = asked(initialModel);
  const shown = report(first);

  it('is busy from the question to the answer', () => {
    assert.deepEqual([first.busy, first.content.kind], [true, 'loading']);
    assert.deepEqual([shown.busy, shown.content.kind], [false, 'report']);
  });

  it('keeps what is shown while the next answer is on its way', () => {
    const again = received(asked(shown), { kind: 'working', request: 2, database });
    assert.deepEqual([again.busy, again.content.kind], [true, 'report']);
  });

  it('passes over the answer to an older question', () => {
    const newer = asked(first);
    assert.equal(
      received(newer, { kind: 'report', request: 1, database, state: 's1', view, warnings: [] }).content.kind,
      'loading',
    );
  });

  it('never shows the figures of one database under the name of another', () => {
    const switched = received(asked(shown), { kind: 'working', request: 2, database: other });
    assert.deepEqual([switched.content.kind, switched.database], ['loading', other]);
  });

  it('keeps the figures, marked as outdated, when the same database cannot be read for once', () => {
    const failed = received(asked(shown), { kind: 'failed', request: 2, database, error });
    assert.deepEqual(failed.content.kind === 'report' ? failed.content.outdatedBy : null, error);
    assert.equal(report(asked(failed)).content.kind, 'report');
  });

  it('drops the figures when another database fails, or the telemetry table is gone', () => {
    const gone = { ...error, code: 'no-telemetry-table' } as const;
    const asking = asked(shown);
    for (const message of [
      { kind: 'failed', request: 2, database: other, error },
      { kind: 'failed', request: 2, database, error: gone },
    ] as const) {
      assert.equal(received(asking, message).content.kind, 'failed');
    }
  });

  it('says that a command failed beside the figures, until the next question', () => {
    const noticed = received(shown, { kind: 'action-failed', error });
    assert.deepEqual([noticed.notice, noticed.content.kind], [error, 'report']);
    assert.equal(asked(noticed).notice, null);
  });

  it('keeps a proposal as long as the database stays as it was, and no answer about a state that is no more', () => {
    const outcome = { kind: 'failed', error } as const;
    const calibration = (model: PageModel): unknown =>
      model.content.kind === 'report' ? model.content.calibration : undefined;
    const working = calibrating(shown);
    assert.equal(calibration(working), 'working');
    const known = received(working, { kind: 'calibration', state: 's1', outcome });
    assert.deepEqual(calibration(known), outcome);
    assert.deepEqual(calibration(report(asked(known))), outcome, 'a filter changes nothing about it');
    const later = received(known, {
      kind: 'report',
      request: known.request,
      database,
      state: 's2',
      view,
      warnings: [],
    });
    assert.equal(calibration(later), null);
  });

  it('knows that a proposal was applied until there is more evidence, or another estimator', () => {
    const applied = (model: PageModel): unknown =>
      model.content.kind === 'report' ? model.content.applied : undefined;
    const paths = { estimator: '/e.json', kept: '/e.json.bak' };
    const known = received(shown, { kind: 'applied', state: 's1', ...paths });
    assert.deepEqual(applied(known), paths);
    assert.deepEqual(applied(report(asked(known))), paths);
    assert.equal(applied(received(shown, { kind: 'applied', state: 's0', ...paths })), null);
    const { request } = known;
    const later = { kind: 'report', request, database, state: 's2', view, warnings: [] } as const;
    assert.deepEqual(applied(received(known, later)), paths, 'a run was seeded');
    const more = viewOf(samplesOf(sample(), sample()));
    assert.equal(applied(received(known, { ...later, view: more })), null);
    const calibration = (path: string): PageModel => {
      const estimator = { fileName: 'e', path };
      const value = { result: calibrate(samplesOf()), estimator, trusted: true };
      return received(known, { kind: 'calibration', state: 's1', outcome: { kind: 'known', value } });
    };
    assert.deepEqual(applied(calibration('/e.json')), paths);
    assert.equal(applied(calibration('/other.json')), null);
  });

  it('shows the models of the last filter, as outdated ones until those of the new one are known', () => {
    const models = (model: PageModel): unknown =>
      model.content.kind === 'report' ? [model.content.models, model.content.modelsOutdated] : undefined;
    const outcome = { kind: 'known', value: [] } as const;
    assert.deepEqual(models(shown), [null, true]);
    const known = received(shown, { kind: 'models', request: 1, outcome });
    assert.deepEqual(models(known), [outcome, false]);
    const again = asked(known);
    assert.deepEqual(models(received(again, { kind: 'models', request: 1, outcome })), [outcome, false]);
    assert.deepEqual(models(report(again)), [outcome, true]);
  });

  it('shows the coverage of the last state until the next is known, and never that of another database', () => {
    const outcome = { kind: 'failed', error } as const;
    const covered = received(shown, { kind: 'coverage', state: 's1', outcome });
    const coverage = (model: PageModel): unknown =>
      model.content.kind === 'report' ? model.content.coverage : undefined;
    assert.deepEqual(coverage(report(asked(covered))), outcome);
    const moved = received(asked(covered), { kind: 'working', request: 2, database: other });
    assert.equal(coverage(report(moved)), null);
  });
});
