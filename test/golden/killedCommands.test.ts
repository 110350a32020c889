import { killedCommandTests } from '../support/faults/killedCommandTests.ts';

// Many more kills are in the soak.
describe('A command that was killed while it wrote', () => {
  killedCommandTests(1);
});
