import { killedDrainTests } from '../support/faults/killedDrainTests.ts';

describe('A drain that is killed', () => {
  killedDrainTests(200);
});
