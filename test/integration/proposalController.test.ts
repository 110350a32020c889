import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };
import { UserFacingError } from '../../src/core/errors.ts';
import { autopackEstimator } from '../../src/core/telemetry/estimator/estimator.ts';
import type { TestAccess } from '../../src/extension.ts';
import { Offers } from '../../src/editor/offers/offers.ts';
import { ChosenEstimator } from '../../src/editor/telemetry/chosenEstimator.ts';
import { ProposalController } from '../../src/editor/telemetry/proposalController.ts';
import { createDatabaseReader } from '../../src/node/reader/databaseReader.ts';
import { realPathOf } from '../../src/node/system/realPath.ts';
import { systemClock } from '../../src/node/system/systemPorts.ts';
import type { DatabaseReader } from '../../src/protocol/readerProtocol.ts';
import type { TelemetryHostBody } from '../../src/protocol/telemetryProtocol.ts';
import { addTelemetry } from '../support/telemetryDatabase.ts';
import { seededKinds, simulateSamples } from '../unit/core/telemetry/calibration/simulatedSamples.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { Dialogs } from './support/dialogs.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

const database = 'calibrated.db';
const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

describe('a proposal of the telemetry page', () => {
  let api: TestAccess;
  let reader: DatabaseReader;
  let dialogs: Dialogs;
  let sent: TelemetryHostBody[];
  let chosen: string | undefined;
  let path: string;
  const { signal } = new AbortController();
  const estimator = (): string => inWorkspace('estimator.json');
  const write = (content: unknown): Promise<void> => writeFile(estimator(), JSON.stringify(content));

  before(async () => {
    api = await extensionUnderTest();
    const extension = vscode.extensions.getExtension(`${manifest.publisher}.${manifest.name}`);
    assert.ok(extension);
    const worker = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'readerWorker.js').fsPath;
    reader = createDatabaseReader({ workerUrl: pathToFileURL(worker), logger });
  });

  after(() => reader.dispose());

  beforeEach(async () => {
    dialogs = new Dialogs();
    sent = [];
    path = await seedDatabaseInWorkspace(database, { seeded: false });
    await write(autopackEstimator);
    chosen = estimator();
  });

  afterEach(async () => {
    dialogs.dispose();
    for (const made of [database, 'estimator.json', '.autopack-hygiene']) {
      await rm(inWorkspace(made), { recursive: true, force: true });
    }
    for (const kept of await vscode.workspace.findFiles('estimator.json.*.bak')) await rm(kept.fsPath);
  });

  async function deskWith(phases: number): Promise<ProposalController> {
    addTelemetry(path, simulateSamples({ kinds: seededKinds, phases }));
    await api.selected.select(path);
    const memento = { keys: () => [], get: () => chosen, update: () => Promise.resolve() };
    const offers = new Offers({ reader, selected: api.selected, realPath: realPathOf });
    const deps = { reader, selected: api.selected, clock: systemClock, offers };
    return new ProposalController({
      ...deps,
      estimator: new ChosenEstimator(memento),
      send: (body) => sent.push(body),
    });
  }

  const refused =
    (code: string, words: RegExp) =>
    (error: unknown): boolean => {
      assert.ok(error instanceof UserFacingError, String(error));
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.nextStep}`, words);
      return true;
    };

  it('is applied on a yes only, and says where the old coefficients are', async () => {
    const desk = await deskWith(50);
    const { state, value } = await desk.workOut(path, false, signal);
    assert.deepEqual([value.result.verdict, value.trusted], ['proposed', true]);
    const before = readFileSync(estimator(), 'utf8');
    await desk.apply(state);
    assert.equal(readFileSync(estimator(), 'utf8'), before);
    dialogs.press('Apply');
    await desk.apply(state);
    const [told] = sent;
    assert.ok(told?.kind === 'applied' && told.estimator === estimator());
    assert.equal(readFileSync(told.kept, 'utf8'), before);
    assert.notEqual(readFileSync(estimator(), 'utf8'), before);
  });

  it('is not applied once the database was written, even while the question stands', async () => {
    const desk = await deskWith(50);
    const { state } = await desk.workOut(path, false, signal);
    const before = readFileSync(estimator(), 'utf8');
    commit(path, "UPDATE runs SET state = 'DONE_FAILED_ENVIRONMENT'");
    dialogs.press('Apply');
    await assert.rejects(desk.apply(state), refused('changed', /or the selection has changed/));
    await assert.rejects(desk.apply('another state'), refused('changed', /current proposal/));
    assert.equal(readFileSync(estimator(), 'utf8'), before);
  });

  it('is not applied to other coefficients, nor when it is withheld', async () => {
    const desk = await deskWith(50);
    const { state } = await desk.workOut(path, false, signal);
    await write({ ...autopackEstimator, safetyFactor: 9 });
    await assert.rejects(
      desk.apply(state),
      refused('invalid-argument', /safetyFactor was 1\.3, and is 9 here/),
    );
    const few = await deskWith(0);
    commit(path, 'DELETE FROM token_estimation_v2_events WHERE rowid > 9');
    const withheld = await few.workOut(path, false, signal);
    assert.equal(withheld.value.result.verdict, 'withheld');
    await assert.rejects(
      few.apply(withheld.state),
      refused('invalid-argument', /^This proposal was withheld/),
    );
  });

  it("says that the estimator's file is gone", async () => {
    const desk = await deskWith(50);
    await rm(estimator());
    await assert.rejects(
      desk.workOut(path, false, signal),
      refused('not-found', /estimator file no longer exists: .*estimator\.json\. Choose the estimator again/),
    );
  });
});
