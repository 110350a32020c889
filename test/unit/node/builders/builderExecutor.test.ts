import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { UserFacingError } from '../../../../src/core/errors.ts';
import type { ExecutionHost } from '../../../../src/core/model/executionHost.ts';
import { provideTranslations, t } from '../../../../src/core/text/l10n.ts';
import { builderExecutor, type BuilderTools } from '../../../../src/node/builders/builderExecutor.ts';
import { useTranslations } from '../../../../src/node/system/translations.ts';
import { BuilderWorld } from '../../../support/builderWorld.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const settings = { continueCut: false, stallMs: 60_000, maxOutputTokens: null };

describe('the executor of a builder', () => {
  const folder = temporaryFolder();

  afterEach(() => provideTranslations(() => null));

  it('tells of a phase in English, whatever language people read', async () => {
    useTranslations({ Runs: 'Läufe' }, null);
    assert.equal(t`Runs`, 'Läufe');
    const world = new BuilderWorld();
    const host: ExecutionHost = {
      ledger: {
        ...world.ledger,
        claim: () => Promise.reject(new UserFacingError('locked', t`Runs`, t`Runs`)),
      },
      report: () => undefined,
      person: null,
      budget: world.budget,
    };
    const executor = builderExecutor('endpoint', settings, () => Promise.resolve({} as BuilderTools));
    const request = {
      runId: world.runId,
      phaseId: 'telemetry-p1-string-util',
      databasePath: join(folder(), 'seed.db'),
      workspaceFolder: folder(),
      timeoutMs: 60_000,
      stdoutPath: join(folder(), 'a.stdout.txt'),
      stderrPath: join(folder(), 'a.stderr.txt'),
    };
    const result = await executor.execute(request, new AbortController().signal, host);
    assert.equal(result.stderrTail, 'Runs\n');
    assert.deepEqual(await executor.problem?.(), { message: 'Runs', nextStep: 'Runs' });
  });
});
