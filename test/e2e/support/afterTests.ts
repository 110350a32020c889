import { exitOnSignals } from '../../host/exitOnSignals.ts';
import { openWorkbenches } from './openWorkbench.ts';
import { removeTemporaryWorkspaces } from './temporaryWorkspace.ts';

exitOnSignals();

/** Mocha's root hooks: a picture of every window where a test failed, and nothing left behind. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = `failed-${test.fullTitle().replaceAll(/\W+/g, '-').toLowerCase()}`;
    for (const [index, workbench] of [...openWorkbenches].entries()) {
      await workbench.screenshot(`${name}-${String(index + 1)}`);
      // What is left open would be in the way of the next test.
      await workbench.closeOverlays();
    }
  },
  async afterAll(): Promise<void> {
    for (const workbench of openWorkbenches) await workbench.dispose();
    await removeTemporaryWorkspaces();
  },
};
