import { strict as assert } from 'node:assert';
import { RowHistory, settledChoice } from '../../../../src/editor/database/rowHistory.ts';

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

describe('settledChoice', () => {
  /** Like the editor's quick pick, which tells of a click only where it changes what is selected. */
  class Pick {
    selectedItems: readonly string[] = [];
    placeholder: string | undefined = 'Choose';

    click(row: string, accept: () => string | undefined): string | undefined {
      if (this.selectedItems[0] === row) return undefined;
      this.selectedItems = [row];
      return accept();
    }
  }
  const same = (row: string): string => row;

  it('takes a row that stands where it was', () => {
    const [pick, rows] = [new Pick(), new RowHistory()];
    rows.note(['a', 'b'], 0);
    assert.equal(
      pick.click('b', () => settledChoice(pick, rows, same, 1)),
      'b',
    );
    assert.equal(pick.placeholder, 'Choose');
  });

  it('takes the second click on a row that had just moved, and says why not the first', () => {
    const [pick, rows] = [new Pick(), new RowHistory()];
    rows.note(['a', 'b'], 0);
    rows.note(['new', 'a', 'b'], 1000);
    assert.equal(
      pick.click('b', () => settledChoice(pick, rows, same, 1100)),
      undefined,
    );
    assert.match(pick.placeholder ?? '', /just changed/);
    assert.equal(
      pick.click('b', () => settledChoice(pick, rows, same, 1500)),
      'b',
    );
  });
});
