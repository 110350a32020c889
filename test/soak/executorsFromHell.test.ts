import { executorFromHellTests } from '../support/faults/executorFromHellTests.ts';

describe('A drain with an executor that', () => {
  executorFromHellTests({ floodMib: 1000, lockSeconds: 60 });
});
