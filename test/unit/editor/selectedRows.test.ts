import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { SelectedRows, type FollowedView } from '../../../src/editor/keyboard/selectedRows.ts';

type Listener = (event: { readonly selection: readonly unknown[] }) => void;

/** A view whose selection is changed by hand. */
function view(): { readonly followed: FollowedView; readonly select: (...rows: readonly string[]) => void } {
  const listeners: Listener[] = [];
  const followed = {
    selection: [],
    onDidChangeSelection: (listener: Listener) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
  };
  return { followed, select: (...selection) => listeners.forEach((tell) => tell({ selection })) };
}

describe('the rows that a key is meant for', () => {
  it('is the row with the focus alone, where that was not selected', async () => {
    const rows = new SelectedRows();
    const { followed, select } = view();
    rows.add('runs', followed);
    select('a');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const meant = rows.meant('runs');
    select('a', 'b');
    assert.deepEqual(await meant, ['b']);
  });

  it('is all that is selected, where the focus is among it', async () => {
    const rows = new SelectedRows();
    const { followed, select } = view();
    rows.add('runs', followed);
    select('a', 'b', 'c');
    // The editor may tell of it before the command comes.
    select('a', 'c');
    assert.deepEqual(await rows.meant('runs'), ['b', 'a', 'c']);
  });

  it('is none where nothing has the focus', async () => {
    const rows = new SelectedRows();
    rows.add('drains', view().followed);
    assert.deepEqual(await rows.meant('drains'), []);
  });
});
