import { killedDrainTests } from '../../../support/faults/killedDrainTests.ts';

describe('a drain that is killed', () => {
  killedDrainTests(12);
});
