import { parserFuzzTests } from '../../support/faults/parserFuzzTests.ts';

describe('Files that others changed', function () {
  this.timeout(20_000);
  parserFuzzTests(150);
});
