import { realpath } from 'node:fs/promises';
import { newLiveDrain, type DrainProgress } from '../../../src/core/drain/drainProgress.ts';
import { makeDrainEndpoint } from '../../../src/node/drain/drainEndpoint.ts';
import { DrainServer } from '../../../src/node/drain/drainServer.ts';
import { FollowerRequests } from '../../../src/node/drain/followerRequests.ts';
import { acquireDrainLock } from '../../../src/node/identity/drainLock.ts';
import { silentLogger } from '../../support/databaseReader.ts';

/** A drain as a window hears of it: it executes nothing, and says and asks what a test wants. */
export interface StandInDrain {
  readonly requests: FollowerRequests;
  readonly tell: (progress: DrainProgress) => void;
  readonly end: () => Promise<void>;
}

/** Begins one in this process, which windows on the database find and follow. */
export async function standInDrain(folder: string, database: string): Promise<StandInDrain> {
  const databasePath = await realpath(database);
  const endpoint = await makeDrainEndpoint();
  const lock = await acquireDrainLock(databasePath, Date.now(), endpoint.path);
  const requests = new FollowerRequests({ absentMs: 60_000, logger: silentLogger });
  const startedAt = Date.now();
  const live = newLiveDrain({ databasePath, workspaceFolder: folder, executor: 'endpoint', startedAt });
  const onRequest = (): void => undefined;
  const parts = { path: endpoint.path, live, requests, onRequest, logger: silentLogger };
  const server = await DrainServer.listen(parts);
  return {
    requests,
    tell: (progress) => server.notify(progress),
    end: async () => {
      await server.close(0);
      await endpoint.remove();
      await lock.release();
    },
  };
}
