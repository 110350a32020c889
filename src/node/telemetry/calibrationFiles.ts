import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { timeId } from '../../core/model/timestamp.ts';
import {
  calibrationFile,
  parseCalibrationFile,
  type CalibrationOrigin,
  type StoredCalibration,
} from '../../core/telemetry/calibration/calibrationFile.ts';
import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import { renderCalibrationReport } from '../../core/telemetry/calibration/calibrationReport.ts';
import { estimatorSchema, type Estimator } from '../../core/telemetry/estimator/estimator.ts';
import { decodeText, parseJsonText } from '../../core/text/decodeText.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError, writeFileError } from '../system/fileError.ts';
import { jsonText } from '../system/jsonFile.ts';
import { readSmallBytes } from '../system/regularFile.ts';
import { removeStaleDrafts, replaceFile } from '../system/replaceFile.ts';

/** In bytes. A proposal names every group of samples, with its evidence. */
const longest = 16 << 20;
/** What file systems answer that have no links. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Where a calibration was written; both absolute if the folder was. */
export interface CalibrationPaths {
  readonly json: string;
  readonly markdown: string;
}

/** Writes a calibration into a folder, which is made if need be: the Markdown first, then the JSON that is applied from. */
export async function writeCalibration(
  folder: string,
  result: CalibrationResult,
  origin: CalibrationOrigin,
): Promise<CalibrationPaths> {
  const base = join(folder, `token_estimator_calibration_${timeId(origin.generatedAt).replace('-', '_')}`);
  const paths = { json: `${base}.json`, markdown: `${base}.md` };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeStaleDrafts(folder);
    await replaceFile(paths.markdown, renderCalibrationReport(result, origin.logs));
    await replaceFile(paths.json, jsonText(calibrationFile(result, origin)));
  } catch (error) {
    throw errnoCode(error) === 'EEXIST' ? notAFolder(folder, error) : writeFileError(error, paths.markdown);
  }
  return paths;
}

/** Reads a calibration file. Throws `not-found`, or `unreadable` where it is none. */
export async function readCalibration(path: string): Promise<StoredCalibration> {
  return parseCalibrationFile(await read(path), path);
}

/** Reads an estimator's coefficients. Throws `not-found`, or `unreadable` with what is wrong. */
export async function readEstimator(path: string): Promise<Estimator> {
  const text = await read(path);
  try {
    return estimatorSchema.parse(parseJsonText(text));
  } catch (error) {
    throw new UserFacingError(
      'unreadable',
      t`${path} does not hold the coefficients of a token estimator.`,
      t`Name a JSON file of the form of examples/executor/estimator.json.`,
      { cause: error },
    );
  }
}

/**
 * Puts a new estimator in the place of one, which is kept beside it as `<path>.<time>.bak`. Resolves to the path of the
 * old one, and changes nothing where that cannot be written.
 */
export async function replaceEstimator(path: string, estimator: Estimator, now: number): Promise<string> {
  const kept = `${path}.${timeId(now)}.bak`;
  const old = await readBytes(path);
  try {
    await removeStaleDrafts(dirname(path));
    const keepOld = (): Promise<void> => keepAs(kept, path, old);
    await replaceFile(path, jsonText(estimator), { mode: 'kept', beforehand: keepOld });
  } catch (error) {
    throw writeFileError(error, path);
  }
  return kept;
}

/** Gives the old file a second name; one that cannot have two is copied. Either is done at once, and never over another. */
async function keepAs(kept: string, path: string, old: Uint8Array): Promise<void> {
  await link(path, kept).catch(async (error: unknown) => {
    if (!withoutLinks.includes(errnoCode(error) ?? '')) throw error;
    await writeFile(kept, old, { flag: 'wx', mode: 0o600 });
  });
}

function notAFolder(path: string, cause: unknown): UserFacingError {
  return new UserFacingError('exists', t`${path} is a file, not a folder.`, t`Choose another folder.`, {
    cause,
  });
}

async function read(path: string): Promise<string> {
  return decodeText(await readBytes(path));
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    // A person named it, so that a link to it is meant.
    return await readSmallBytes(path, longest, { followLinks: true });
  } catch (error) {
    throw fileError(error, path);
  }
}
