// npm run bench -- claims [SECONDS] [DELAY_MS ...]: how many phases workers of one drain claim and settle in a second, by how
// many there are, each a process of its own, with a network between them and the server that takes so long for a round trip.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { CandidateQueue } from '../../src/core/drain/candidateQueue.ts';
import { DrainLedger } from '../../src/core/drain/drainLedger.ts';
import { resolveDrainOptions } from '../../src/core/drain/drainOptions.ts';
import type { Candidate } from '../../src/core/queries/candidates.ts';
import { PostgresServer } from '../support/postgres/postgresServer.ts';
import {
  backlogOn,
  beginSharedDrain,
  joinSharedDrain,
  successOf,
} from '../support/postgres/sharedBacklog.ts';
import { median } from './measurement.ts';

const drain = { id: 'bench', leaseMs: 30_000, options: { batchSize: 1_000_000 } };
const size = { runs: 2000, phases: 10 };

/** Claims and settles until the parent has heard enough. */
async function work(url: string, seconds: number): Promise<void> {
  const options = resolveDrainOptions(drain.options);
  const ledger = new DrainLedger(options);
  const queue = new CandidateQueue(candidates(), options, ledger);
  const shared = await joinSharedDrain(url, drain);
  const take = async (): Promise<readonly { runId: string; phaseId: string }[]> => {
    const { results, held, workers } = await shared.look();
    for (const result of results) {
      ledger.record(result);
      queue.take(result);
    }
    return queue.choices(2 * (workers.length + 1), held).map(({ candidate }) => candidate);
  };
  await take();
  process.send?.('ready');
  await once(process, 'message');
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  let done = 0;
  while (performance.now() < until) {
    const wanted = await take();
    const begun = performance.now();
    const lease = await shared.claim(wanted);
    times.push(performance.now() - begun);
    if (lease === null) continue;
    await shared.settle(lease, [successOf(lease)]);
    done += 1;
  }
  process.send?.({ done, ms: median(times) });
  process.disconnect();
  await shared.close();
}

function candidates(): Candidate[] {
  return Array.from({ length: size.phases * size.runs }, (_, index) => ({
    ...{ runId: `run-${(index % size.runs) + 1}`, phaseId: `phase-${Math.floor(index / size.runs) + 1}` },
    ...{ phaseIndex: Math.floor(index / size.runs), tierIndex: 0, rowId: index, state: 'QUEUED' },
    ...({ failureClass: 'other', tokenCap: null } as const),
  }));
}

interface Share {
  readonly done: number;
  readonly ms: number;
}

async function measure(
  url: string,
  workers: number,
  seconds: number,
): Promise<{ perSecond: number; ms: number }> {
  const crew = Array.from({ length: workers }, () =>
    fork(import.meta.filename, ['worker', url, String(seconds)]),
  );
  await Promise.all(crew.map((each) => once(each, 'message')));
  const shares = crew.map(async (each) => {
    each.send('go');
    const [share] = (await once(each, 'message')) as [Share];
    return share;
  });
  const brought = await Promise.all(shares);
  const done = brought.reduce((sum, share) => sum + share.done, 0);
  return { perSecond: done / seconds, ms: median(brought.map(({ ms }) => ms)) };
}

/** Passes on what is sent either way, half of the delay later. Returns its port. */
async function network(port: number, delayMs: number): Promise<number> {
  const late = (from: Socket, to: Socket): void => {
    from.on('data', (part) => setTimeout(() => to.write(part), delayMs / 2));
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(port, 'localhost');
    near.setNoDelay(true);
    far.setNoDelay(true);
    late(near, far);
    late(far, near);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  server.unref();
  return (server.address() as AddressInfo).port;
}

async function compare(seconds: number, delays: readonly number[]): Promise<void> {
  const server = await PostgresServer.start({ settings: { fsync: 'on', full_page_writes: 'on' } });
  try {
    console.log('| round trip | workers | claims/s | x one worker | median ms of a claim |');
    console.log('| ---------- | ------: | -------: | -----------: | -------------------: |');
    for (const delay of delays) {
      let one = 0;
      for (const workers of [1, 2, 4, 8]) {
        const direct = await backlogOn(server, 'claims', size);
        await beginSharedDrain(direct, drain);
        const port = delay === 0 ? server.port : await network(server.port, delay);
        const url = direct.replace(`:${server.port}/`, `:${port}/`);
        const { perSecond, ms } = await measure(url, workers, seconds);
        if (workers === 1) one = perSecond;
        const cells = [delay === 0 ? 'none' : `${delay} ms`, workers, Math.round(perSecond)];
        console.log(`| ${[...cells, (perSecond / one).toFixed(1), ms.toFixed(1)].join(' | ')} |`);
      }
    }
  } finally {
    await server.stop();
  }
}

const [, , first = '6', ...rest] = process.argv;
if (first === 'worker') await work(rest[0] ?? '', Number(rest[1]));
else await compare(Number(first), rest.length === 0 ? [0, 1, 5] : rest.map(Number));
