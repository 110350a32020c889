import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrate } from '../../../../src/core/telemetry/calibration/calibrate.ts';
import { applyCalibration } from '../../../../src/core/telemetry/calibration/calibrationFile.ts';
import { autopackEstimator } from '../../../../src/core/telemetry/estimator/estimator.ts';
import {
  readCalibration,
  readEstimator,
  replaceEstimator,
  writeCalibration,
} from '../../../../src/node/telemetry/calibrationFiles.ts';
import { asOrdinaryUser } from '../../../support/asOrdinaryUser.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { smallDisk } from '../../../support/smallDisk.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { seededKinds, simulatedSamples } from '../../../unit/core/telemetry/calibration/simulatedSamples.ts';

const now = Date.UTC(2026, 0, 9, 12, 30, 5);
const origin = { databaseUrl: 'sqlite:////data/seed.db', generatedAt: now, estimator: null };

describe('calibration files', () => {
  const folder = temporaryFolder();
  const proposal = () => calibrate(simulatedSamples({ kinds: seededKinds, phases: 50 }));

  it('writes a proposal under the names of Autopack, into a folder it makes', async () => {
    const paths = await writeCalibration(join(folder(), 'out', 'calibration'), proposal(), origin);
    assert.deepEqual((await readdir(join(folder(), 'out', 'calibration'))).sort(), [
      'token_estimator_calibration_20260109_123005.json',
      'token_estimator_calibration_20260109_123005.md',
    ]);
    const file = JSON.parse(await readFile(paths.json, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(file), ['metadata', 'proposed_changes', 'hygiene']);
    assert.deepEqual(Object.keys(file.metadata as object), [
      'generated_at',
      'confidence_threshold',
      'total_samples',
      'high_confidence_groups',
    ]);
    assert.deepEqual(Object.keys((file.proposed_changes as object[])[0] ?? {}), [
      'category',
      'complexity',
      'sample_count',
      'confidence',
      'median_ratio',
      'proposed_multiplier',
      'action',
      'reasoning',
    ]);
  });

  it('reads what an editor or a shell of Windows saved, and keeps that as it was', async () => {
    const result = proposal();
    const { json } = await writeCalibration(folder(), result, origin);
    const path = join(folder(), 'estimator.json');
    const estimator = JSON.stringify(autopackEstimator, null, 2).replaceAll('\n', '\r\n');
    const stored = await readFile(json, 'utf8');
    const marked = (text: string): Buffer => Buffer.from(`\ufeff${text}`);
    const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const [hour, saved] of [marked, utf16, (text: string) => utf16(text).swap16()].entries()) {
      await writeFile(path, saved(estimator));
      await writeFile(json, saved(stored));
      assert.deepEqual(await readEstimator(path), autopackEstimator);
      const kept = await replaceEstimator(
        path,
        applyCalibration(await readEstimator(path), await readCalibration(json)),
        now + hour * 3_600_000,
      );
      assert.deepEqual(await readFile(kept), saved(estimator));
    }
  });

  it('applies what it wrote, keeps the old file, and leaves all else in it', async () => {
    const result = proposal();
    const { json } = await writeCalibration(folder(), result, origin);
    const path = join(folder(), 'estimator.json');
    const old = `${JSON.stringify({ ...autopackEstimator, ours: { note: 'kept' } })}\n`;
    await writeFile(path, old);
    const changed = applyCalibration(await readEstimator(path), await readCalibration(json));
    const kept = await replaceEstimator(path, changed, now);
    assert.equal(kept, `${path}.20260109-123005.bak`);
    assert.equal(await readFile(kept, 'utf8'), old);
    const written = await readEstimator(path);
    assert.deepEqual(written.ours, { note: 'kept' });
    assert.equal(written.safetyFactor, result.safeBudget.factor);
    assert.notEqual(written.overhead.docs?.low, autopackEstimator.overhead.docs?.low);
    assert.deepEqual(written.overhead.refactoring, autopackEstimator.overhead.refactoring);
    // Applied twice, it would go too far.
    const stored = await readCalibration(json);
    assert.throws(() => applyCalibration(written, stored), { code: 'invalid-argument' });
  });

  it('adds an overhead that the file left to the others', async () => {
    const kinds = seededKinds.map((kind) => ({ ...kind, category: `${kind.category}-x` }));
    const result = calibrate(simulatedSamples({ kinds, phases: 50 }));
    const { json } = await writeCalibration(folder(), result, origin);
    const changed = applyCalibration(autopackEstimator, await readCalibration(json));
    assert.ok((changed.overhead['docs-x']?.low ?? Infinity) < autopackEstimator.otherOverhead);
    assert.equal(changed.otherOverhead, autopackEstimator.otherOverhead);
  });

  it('refuses to apply what was withheld', async () => {
    const withheld = calibrate(simulatedSamples({ kinds: seededKinds, phases: 10 }));
    const { json } = await writeCalibration(folder(), withheld, origin);
    const stored = await readCalibration(json);
    assert.throws(() => applyCalibration(autopackEstimator, stored), /withheld.*10 more needed/s);
  });

  it('refuses files that are something else', async () => {
    const path = join(folder(), 'x.json');
    await writeFile(path, '{"metadata": {}}');
    await rejectsWith('unreadable', readCalibration(path));
    await rejectsWith('unreadable', readEstimator(path));
    await rejectsWith('not-found', readEstimator(join(folder(), 'gone.json')));
  });

  it('says that the folder cannot be written, and leaves the estimator as it was', async () => {
    const path = join(folder(), 'estimator.json');
    const old = JSON.stringify(autopackEstimator);
    await writeFile(path, old);
    await chmod(folder(), 0o555);
    const changed = { ...autopackEstimator, safetyFactor: 2 };
    await rejectsWith(
      'no-permission',
      asOrdinaryUser(() => writeCalibration(folder(), proposal(), origin)),
    );
    await rejectsWith(
      'no-permission',
      asOrdinaryUser(() => replaceEstimator(path, changed, now)),
    );
    assert.equal(await readFile(path, 'utf8'), old);
    assert.deepEqual(await readdir(folder()), ['estimator.json']);
  });

  it('says that the disk is full, and leaves the estimator as it was', async function () {
    const disk = smallDisk(this, join(folder(), 'small'), 16);
    try {
      const path = join(folder(), 'small', 'estimator.json');
      // Most of the disk, so that another like it does not fit.
      const long = { ...autopackEstimator, about: 'x'.repeat(9000) };
      const old = JSON.stringify(long);
      await writeFile(path, old);
      const changed = { ...long, safetyFactor: 2 };
      await rejectsWith('disk-full', replaceEstimator(path, changed, now));
      assert.equal(await readFile(path, 'utf8'), old);
      assert.deepEqual(await readdir(join(folder(), 'small')), ['estimator.json']);
      await rejectsWith('disk-full', writeCalibration(join(folder(), 'small'), proposal(), origin));
    } finally {
      disk.unmount();
    }
  });
});
