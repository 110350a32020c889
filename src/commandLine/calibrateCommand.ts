import type { Command } from 'commander';
import { resolve } from 'node:path';
import { UserFacingError } from '../core/errors.ts';
import { calibrate, requireCalibrationRole } from '../core/telemetry/calibration/calibrate.ts';
import { applyCalibration, type CalibrationOrigin } from '../core/telemetry/calibration/calibrationFile.ts';
import type {
  CalibrationOptions,
  CalibrationResult,
} from '../core/telemetry/calibration/calibrationProposal.ts';
import { renderCalibrationReport } from '../core/telemetry/calibration/calibrationReport.ts';
import { calibrationRules } from '../core/telemetry/calibration/calibrationRules.ts';
import {
  readCalibration,
  readEstimator,
  replaceEstimator,
  writeCalibration,
} from '../node/telemetry/calibrationFiles.ts';
import { readPriceLists } from '../node/system/priceLists.ts';
import { positiveInteger } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { askConsent, type ConsentOptions } from './consent.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { logFolderOption, optionalDatabase, readWithLogs } from './telemetryRequest.ts';
import { textLines } from './textLayout.ts';

interface CalibrateOptions extends DatabaseOptions, ConsentOptions {
  readonly logDir?: string;
  readonly minSamples: number;
  readonly outputDir: string;
  readonly estimator?: string;
  readonly prices?: string;
  readonly apply?: string;
  readonly anyRole?: boolean;
}

/** `calibrate`: new coefficients for the token estimator, proposed only where the evidence bears it. */
export function addCalibrateCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('calibrate')
    .description(
      'Propose new coefficients for the token estimator, from clean samples only. Nothing is changed without --apply. Exits with 1 when the proposal is withheld.',
    )
    .addOption(databaseOption())
    .addOption(logFolderOption())
    .option(
      '--min-samples <n>',
      'required number of phases with clean samples',
      positiveInteger,
      calibrationRules.phases,
    )
    .option('--output-dir <folder>', 'where the proposal is written', '.')
    .option('--estimator <file>', "the coefficients in use (JSON); without it, Autopack's own")
    .option('--prices <file>', 'prices of models, before those that come with the product')
    .option('--any-role', 'calibrate even if the database is not a telemetry seed')
    .option('--apply <file>', 'apply a written proposal to --estimator; the old file is kept beside it')
    .option('--yes', 'with --apply, do not ask')
    .option('--json', 'print one JSON object')
    .action((options: CalibrateOptions) => report(options, run(options, context)));
}

function run(options: CalibrateOptions, context: CommandContext): Promise<CommandResult> {
  return options.apply === undefined ? propose(options, context) : apply(options.apply, options, context);
}

async function propose(options: CalibrateOptions, context: CommandContext): Promise<CommandResult> {
  const { minSamples, anyRole = false } = options;
  const estimatorPath = options.estimator === undefined ? null : resolve(context.cwd, options.estimator);
  const estimator = estimatorPath === null ? {} : { estimator: await readEstimator(estimatorPath) };
  const prices = await readPriceLists(
    options.prices === undefined ? null : resolve(context.cwd, options.prices),
  );
  const found = await findCalibration(options, { minSamples, anyRole, prices, ...estimator }, context);
  const { result } = found;
  const origin = { ...found.origin, generatedAt: context.clock.now(), estimator: estimatorPath };
  const files = await writeCalibration(resolve(context.cwd, options.outputDir), result, origin);
  const report = renderCalibrationReport(result, origin.logs);
  return {
    exitCode: result.verdict === 'proposed' ? exitCodes.good : exitCodes.findings,
    json: { ...found.origin, files, ...result },
    text: `${report}\nWritten: ${files.json}\n         ${files.markdown}`,
  };
}

async function apply(
  file: string,
  options: CalibrateOptions,
  context: CommandContext,
): Promise<CommandResult> {
  if (options.estimator === undefined) {
    throw new UserFacingError(
      'invalid-argument',
      'No estimator was named.',
      'Pass --estimator <file>, the JSON with the coefficients in use.',
    );
  }
  const path = resolve(context.cwd, options.estimator);
  const proposal = await readCalibration(resolve(context.cwd, file));
  const changed = applyCalibration(await readEstimator(path), proposal);
  const lines = proposal.coefficients.map(
    ({ path: key, before, after }) => `  ${key.join('.')}: ${before} -> ${after}`,
  );
  context.stderr(`${textLines(lines)}\n`);
  await askConsent(`Change these ${lines.length} coefficients in ${path}?`, options, context);
  const kept = await replaceEstimator(path, changed, context.clock.now());
  return {
    exitCode: exitCodes.good,
    json: { estimator: path, kept, changes: proposal.coefficients },
    text: `Applied to ${path}.\nThe old coefficients: ${kept}`,
  };
}

/** A calibration, and what it was made from. */
export interface FoundCalibration {
  readonly result: CalibrationResult;
  readonly origin: Pick<CalibrationOrigin, 'databaseUrl' | 'logs'>;
}

/** Calibrates by a database, by logs, or by both with each call once. Only a database has a role, and only it is held to one. */
async function findCalibration(
  request: DatabaseOptions & { readonly logDir?: string },
  options: CalibrationOptions,
  context: CommandContext,
): Promise<FoundCalibration> {
  if (request.logDir === undefined) {
    const { path, databaseUrl } = databaseTarget(request, context);
    const { value } = await context.reader.request(path, 'calibration', options, context.signal);
    return { result: value, origin: { databaseUrl } };
  }
  const folder = resolve(context.cwd, request.logDir);
  const database = optionalDatabase(request, context);
  if (database !== null) {
    const { value } = await context.reader.request(database.path, 'identity', null, context.signal);
    requireCalibrationRole(value.role, options.anyRole === true);
  }
  const { samples, facts } = await readWithLogs(folder, request, context, true);
  return {
    result: calibrate(samples, options),
    origin: { databaseUrl: database?.databaseUrl ?? null, logs: { folder, ...facts } },
  };
}
