import { pageFuzzTests } from '../support/faults/pageFuzzTests.ts';

describe('Pages that lie', function () {
  this.timeout(20 * 60_000);
  pageFuzzTests(1500);
});
