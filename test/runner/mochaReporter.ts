import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's JSON reporter, which also keeps the attempts that failed before a test passed. */
class RetryReporter extends Mocha.reporters.JSON {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { readonly output: string };
    const retries: object[] = [];
    runner.on('retry', (test: Mocha.Test, error: Error) => {
      retries.push({ fullTitle: test.fullTitle(), err: { message: error.message, stack: error.stack } });
    });
    runner.once('end', () => {
      const { testResults } = runner as { readonly testResults?: object };
      writeFileSync(output, JSON.stringify({ ...testResults, retries }, null, 2));
    });
  }
}

// Mocha loads a reporter by `require`, which gives this for the whole module.
export { RetryReporter as 'module.exports' };
