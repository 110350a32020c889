import { strict as assert } from 'node:assert';
import { RowHistory } from '../../../../src/editor/select/rowHistory.ts';

describe('RowHistory', () => {
  it('takes the rows of the first showing for settled, however soon they are clicked', () => {
    const rows = new RowHistory();
    rows.note([], 0);
    rows.note(['seed', 'legacy'], 100);
    assert.equal(rows.settledMs('seed', 100), Infinity);
  });

  it('counts from the moment a row moved or appeared', () => {
    const rows = new RowHistory();
    rows.note(['seed', 'browse'], 0);
    rows.note(['seed', 'legacy', 'browse'], 1000);
    assert.equal(rows.settledMs('seed', 1200), Infinity);
    assert.equal(rows.settledMs('legacy', 1200), 200);
    assert.equal(rows.settledMs('browse', 1200), 200);
    rows.note(['seed', 'legacy', 'browse'], 1300);
    assert.equal(rows.settledMs('legacy', 1400), 400);
  });

  it('takes a row that is gone for one that was never there', () => {
    const rows = new RowHistory();
    rows.note(['seed', 'legacy'], 0);
    rows.note(['legacy'], 1000);
    assert.equal(rows.settledMs('seed', 5000), 0);
    assert.equal(rows.settledMs('legacy', 5000), 4000);
  });
});
