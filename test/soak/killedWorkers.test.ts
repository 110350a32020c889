import { assertNothingAmiss, havoc } from '../support/postgres/killedWorkers.ts';
import { ownPostgresServer } from '../support/postgres/usePostgres.ts';

describe('Eight workers of one drain', function () {
  this.timeout(3_600_000);
  const server = ownPostgresServer();

  it('do each of 10,000 phases once, through 200 kills of theirs and 10 restarts of the server', async () => {
    const plan = {
      ...{ workers: 8, runs: 500, phasesOfRun: 20, kills: 200, stops: 10, restarts: 10 },
      ...{ leaseMs: 3000, executionMs: 400, pauseMs: 3000 },
    };
    assertNothingAmiss(await havoc(server(), 'killed workers soak', plan), plan);
  });
});
