import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { rejectsWith } from '../rejectsWith.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { GuardWorld, suiteReader } from './guardWorld.ts';

/** A way to be at the wrong database: what leads there, and the refusal it must meet. */
export interface Situation {
  readonly name: string;
  /** Brings the situation about, and gives the write that somebody then tries. */
  readonly arrange: (world: GuardWorld) => Promise<() => Promise<unknown>>;
  readonly code: ErrorCode;
  readonly message: RegExp;
}

/** A test for each situation: it is refused with its code and message, and nothing is written. */
export function refusesAll(kind: string, situations: readonly Situation[]): void {
  describe(`the wrong database: ${kind}`, function () {
    this.timeout(20_000);
    const folder = temporaryFolder();
    const reader = suiteReader();
    for (const { name, arrange, code, message } of situations) {
      it(`is refused with "${code}" when ${name}`, async () => {
        const world = new GuardWorld(folder(), reader());
        const attempt = await arrange(world);
        const before = await world.contents();
        const error = await rejectsWith(code, attempt());
        assert.match(error.message, message);
        assert.deepEqual(await world.contents(), before, 'nothing is written');
      });
    }
  });
}
