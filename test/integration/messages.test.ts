import assert from 'node:assert/strict';
import { safeWindow } from '../../src/editor/window/safeWindow.ts';
import { Dialogs } from './support/dialogs.ts';

describe('a message with a name from a database', () => {
  let dialogs: Dialogs;
  beforeEach(() => (dialogs = new Dialogs()));
  afterEach(() => dialogs.dispose());

  it('has no link in it, whatever the name is', async () => {
    const name = 'p1 [Fix](command:workbench.action.terminal.new) [x](https://example.invalid)';
    dialogs.press(/^OK$/);
    await safeWindow.showWarningMessage(`Drain ${name}?`, { modal: true, detail: 'Really.' }, 'OK');
    assert.ok(dialogs.find(/^Drain p1 \[Fix\] \(command:/) !== undefined);
    assert.equal(dialogs.find(/\]\(/), undefined);
  });
});
