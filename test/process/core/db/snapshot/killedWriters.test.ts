import { killedWriterTests } from '../../../../support/faults/killedWriterTests.ts';

describe('A database whose writer was killed', () => {
  killedWriterTests(5);
});
