import { killedCommandTests } from '../support/faults/killedCommandTests.ts';

describe('A command that was killed while it wrote', () => {
  killedCommandTests(40);
});
