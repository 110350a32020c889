import assert from 'node:assert/strict';
import { join } from 'node:path';
import german from '../../../../media/l10n/bundle.l10n.de.json' with { type: 'json' };
import { networkFailure } from '../../../../src/core/builders/modelFailure.ts';
import { provideTranslations } from '../../../../src/core/text/l10n.ts';
import { builderExecutor } from '../../../../src/node/builders/builderExecutor.ts';
import { useTranslations } from '../../../../src/node/system/translations.ts';
import { answer, BuilderWorld } from '../../../support/builderWorld.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const phaseId = 'telemetry-p1-string-util';

describe('a builder where people read German', () => {
  const folder = temporaryFolder();
  let world: BuilderWorld;

  beforeEach(() => {
    world = new BuilderWorld();
    useTranslations(german, null);
  });
  afterEach(() => provideTranslations(() => null));

  const executor = () =>
    builderExecutor('test', { continueCut: false, stallMs: 60_000, maxOutputTokens: null }, () =>
      Promise.resolve(world.parts()),
    );
  const request = () => ({
    ...{ runId: world.runId, phaseId, databasePath: '/data/a.db', workspaceFolder: folder() },
    stdoutPath: join(folder(), 'phase.stdout.txt'),
    stderrPath: join(folder(), 'phase.stderr.txt'),
    timeoutMs: 60_000,
  });

  it('asks and reports in English, and tells the next step in German', async () => {
    const path = JSON.stringify(['a.py', 'b.py']);
    world.native.exec(
      `UPDATE phases SET scope = '{"deliverables": ${path}, "paths": ${path}}' WHERE phase_id = '${phaseId}'`,
    );
    const server = { host: 'models.example.com', key: null };
    world.next(answer([]), () => Promise.reject(networkFailure(server, 'ECONNREFUSED', false)));
    const built = executor();
    const { stderrTail } = await built.execute(request(), new AbortController().signal, world.host());
    const [first, second] = world.requests.map(({ messages }) => messages.at(-1)?.text ?? '');
    assert.match(first ?? '', /^Now give all 2 files to write, complete/m);
    assert.match(second ?? '', /^Your answer could not be used\. /);
    const reason =
      'Model call failed (connection_error): models.example.com cannot be reached: nothing listens there, the connection was refused.';
    assert.equal(stderrTail, `${reason}\n`);
    const problem = await built.problem?.();
    assert.match(problem?.nextStep ?? '', /^Starten Sie den Modellserver/);
  });
});
