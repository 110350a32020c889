import { mutationTests } from '../../../support/faults/mutationTests.ts';

describe('A damaged database', () => {
  mutationTests(150);
});
