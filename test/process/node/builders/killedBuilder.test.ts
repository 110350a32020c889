import { killedBuilderTests } from '../../../support/faults/killedBuilderTests.ts';

describe('a drain with the endpoint executor that is killed', () => {
  killedBuilderTests(8);
});
