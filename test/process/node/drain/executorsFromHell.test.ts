import { executorFromHellTests } from '../../../support/faults/executorFromHellTests.ts';

describe('a drain with an executor that', () => {
  // Longer than a single attempt to write waits.
  executorFromHellTests({ floodMib: 200, lockSeconds: 7 });
});
