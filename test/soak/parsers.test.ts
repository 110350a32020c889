import { parserFuzzTests } from '../support/faults/parserFuzzTests.ts';

describe('Files that others changed', function () {
  this.timeout(10 * 60_000);
  parserFuzzTests(3000);
});
