import { killedBuilderTests } from '../support/faults/killedBuilderTests.ts';

describe('A drain with the endpoint executor that is killed', () => {
  killedBuilderTests(100);
});
