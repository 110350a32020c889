import { consistencyTests } from '../../../../support/faults/consistencyTests.ts';

describe('Snapshots beside a writer that never pauses', () => {
  consistencyTests(200);
});
