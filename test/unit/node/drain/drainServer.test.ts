import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { newLiveDrain, type DrainProgress } from '../../../../src/core/drain/drainProgress.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import {
  type DrainEndpoint,
  isDrainEndpoint,
  makeDrainEndpoint,
} from '../../../../src/node/drain/drainEndpoint.ts';
import { DrainClient } from '../../../../src/node/drain/drainClient.ts';
import { DrainServer } from '../../../../src/node/drain/drainServer.ts';
import { FollowerRequests } from '../../../../src/node/drain/followerRequests.ts';
import { silentLogger } from '../../../support/databaseReader.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { exampleResult, exampleSummary } from '../../editor/support/examples.ts';
import { skipBecause } from '../../../support/skipBecause.ts';

const live = newLiveDrain({
  databasePath: '/project/seed.db',
  workspaceFolder: '/project',
  executor: 'example',
  startedAt: 1,
});
const started: DrainProgress = {
  kind: 'session-started',
  sessionId: 'batch-drain-1',
  sessionPath: '/s.json',
  executor: 'example',
  candidates: 3,
  batchSize: 3,
};
const finished: DrainProgress = {
  kind: 'phase-finished',
  result: exampleResult({ stdoutTail: 'x'.repeat(5000) }),
};
const stopped: DrainProgress = { kind: 'stopped', summary: exampleSummary() };

describe('following a drain over a socket', () => {
  const folder = temporaryFolder();
  let endpoint: DrainEndpoint;
  let server: DrainServer;
  let requests: string[];
  let onRequest: () => void;

  beforeEach(async () => {
    endpoint = await makeDrainEndpoint();
    requests = [];
    onRequest = () => undefined;
    server = await DrainServer.listen({
      path: endpoint.path,
      live,
      onRequest: ({ kind }) => {
        requests.push(kind);
        onRequest();
      },
      requests: new FollowerRequests({ absentMs: 0, logger: silentLogger }),
      logger: silentLogger,
    });
  });

  afterEach(async () => {
    await server.close(0);
    await endpoint.remove();
  });

  const follow = (heard: DrainProgress[] = []): Promise<DrainClient> =>
    DrainClient.connect(endpoint.path, (_, progress) => {
      if (progress !== null) heard.push(progress);
    });

  async function raw(): Promise<Socket> {
    const socket = connect(endpoint.path);
    socket.on('error', () => undefined);
    await once(socket, 'data');
    return socket;
  }

  const requested = (): Promise<void> => new Promise((resolve) => (onRequest = resolve));

  it('tells those that come late what was told so far, and then all what follows, to the end', async () => {
    const first: DrainProgress[] = [];
    const early = await follow(first);
    assert.deepEqual(early.live, live);
    server.notify(started);
    server.notify(finished);
    const second: DrainProgress[] = [];
    const late = await follow(second);
    assert.equal(late.live.sessionId, 'batch-drain-1');
    assert.equal(late.live.ended, 1);
    // The logs have the whole output.
    assert.equal(late.live.results[0]?.stdoutTail.length, 500);
    server.notifyCancelling();
    server.notify(stopped);
    await server.close(0);
    assert.deepEqual(await early.ended, { kind: 'stopped', summary: exampleSummary() });
    assert.deepEqual(await late.ended, { kind: 'stopped', summary: exampleSummary() });
    assert.deepEqual(
      first.map(({ kind }) => kind),
      ['session-started', 'phase-finished', 'stopped'],
    );
    assert.deepEqual(second, [stopped]);
    assert.equal(late.live.isCancelling, true);
  });

  it('hands on what followers ask, in their order', async () => {
    const follower = await follow();
    const last = requested();
    follower.send({ kind: 'pause' });
    await last;
    const next = requested();
    follower.send({ kind: 'continue' });
    await next;
    const end = requested();
    follower.send({ kind: 'cancel' });
    await end;
    assert.deepEqual(requests, ['pause', 'continue', 'cancel']);
    follower.close();
    assert.deepEqual(await follower.ended, { kind: 'let-go' });
  });

  it('takes a request that comes in pieces, and lets go of whoever sends garbage; others hear on', async () => {
    const good = await follow();
    const pieces = await raw();
    const asked = requested();
    pieces.write('{"kind":"pa');
    await new Promise((resolve) => setTimeout(resolve, 20));
    pieces.write('use"}\n');
    await asked;
    assert.deepEqual(requests, ['pause']);
    for (const garbage of ['{"kind":"explode"}\n', 'not json\n', '[]\n', 'x'.repeat(200_000), '\n']) {
      const socket = await raw();
      socket.write(garbage);
      // What it has not read resets the link, which is an error before it is closed.
      await new Promise((resolve) => socket.once('close', resolve));
    }
    pieces.destroy();
    server.notify(stopped);
    await server.close(0);
    assert.equal((await good.ended).kind, 'stopped');
    assert.deepEqual(requests, ['pause']);
  }).timeout(10_000);

  it('lets go of a follower that does not read, before its backlog fills the memory', async () => {
    let heard = (): void => undefined;
    const good = await DrainClient.connect(endpoint.path, () => heard());
    const deaf = await raw();
    deaf.pause();
    const message = 'x'.repeat(1024 * 1024);
    for (let told = 0; told < 80; told += 1) {
      const hearing = new Promise<void>((resolve) => (heard = resolve));
      server.notify({ kind: 'warning', message });
      await hearing;
    }
    const cut = once(deaf, 'close');
    deaf.resume();
    await cut;
    server.notify(stopped);
    await server.close(0);
    assert.equal((await good.ended).kind, 'stopped');
  }).timeout(20_000);

  it('tells the error a drain threw, also to one who comes after it', async () => {
    const waiting = server.close(5000);
    server.fail(new UserFacingError('drain-running', 'Another drain is under way.', 'Wait.'));
    const follower = await follow();
    const end = await follower.ended;
    await waiting;
    assert.ok(end.kind === 'failed' && end.error instanceof UserFacingError);
    assert.equal(end.error.code, 'drain-running');
    assert.equal(end.error.nextStep, 'Wait.');
  });

  it('is lost where the link ends without an end of the drain', async () => {
    const follower = await follow();
    await server.close(0);
    assert.deepEqual(await follower.ended, { kind: 'lost' });
    await assert.rejects(follow(), /ENOENT|ECONNREFUSED/);
  });

  it('refuses a drain of another version, and one that says something else', async () => {
    const answers = [
      '{"kind":"hello","version":99,"live":{"new":1}}\n',
      '{"kind":"cancelling"}\n',
      'HTTP/1.1 400\n',
    ];
    const other = await makeDrainEndpoint();
    const odd = createServer((socket) => socket.end(answers.shift() ?? ''));
    odd.listen(other.path);
    await once(odd, 'listening');
    for (const problem of [/speaks version 99/, /an invalid message/, /no JSON/]) {
      await assert.rejects(
        DrainClient.connect(other.path, () => undefined),
        problem,
      );
    }
    odd.close();
    await other.remove();
  });

  it('lies where only its user gets, under a path that is short enough', async function () {
    if (process.platform === 'win32') skipBecause(this, 'sockets are named pipes on Windows');
    assert.equal((await stat(endpoint.folder)).mode & 0o777, 0o700);
    assert.ok(isDrainEndpoint(endpoint.path));
    for (const path of [
      '/tmp/x/drain.sock',
      'autopack-drain-1/drain.sock',
      '/run/docker.sock',
      '\\\\evil\\pipe\\x',
    ]) {
      assert.equal(isDrainEndpoint(path), false, path);
    }
    const deep = `${folder()}/${'d'.repeat(80)}`;
    const short = await makeDrainEndpoint(deep);
    assert.ok(Buffer.byteLength(short.path) <= 103, short.path);
    await short.remove();
  });
});
