// @ts-check
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from './refusal.mjs';

const outcomes = /** @type {const} */ (['complete', 'fail', 'hang', 'silent']);

/**
 * @typedef {object} ExecutorSettings
 * @property {string} runId
 * @property {string} phaseId
 * @property {boolean} force - whether a FAILED phase may be queued again
 * @property {string} databaseUrl - as given
 * @property {string} databasePath - absolute
 * @property {string} repository - the absolute folder that deliverables are relative to
 * @property {boolean} telemetry - whether telemetry rows are written
 * @property {typeof outcomes[number]} outcome - what to play, for trying out failures
 * @property {number} delayMs - how long the recorded model takes to answer
 */

/**
 * Reads what Autopack's script reads: arguments, environment and working directory.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} repository
 * @returns {ExecutorSettings}
 */
export function readSettings(args, env, repository) {
  const { runId, phaseId, force } = readArguments(args);
  const databaseUrl = env.DATABASE_URL ?? '';
  const outcome = outcomes.find((known) => known === (env.AUTOPACK_EXAMPLE_OUTCOME || 'complete'));
  if (outcome === undefined) throw new Refusal(`AUTOPACK_EXAMPLE_OUTCOME is one of ${outcomes.join(', ')}.`);
  const delayMs = Number(env.AUTOPACK_EXAMPLE_DELAY_MS || 600);
  if (!(delayMs >= 0)) throw new Refusal('AUTOPACK_EXAMPLE_DELAY_MS is a number of milliseconds.');
  return {
    runId,
    phaseId,
    force,
    databaseUrl,
    databasePath: databasePathOf(databaseUrl, repository),
    repository,
    telemetry: ['1', 'true'].includes((env.TELEMETRY_DB_ENABLED ?? '').toLowerCase()),
    outcome,
    delayMs,
  };
}

/** @param {string[]} args */
function readArguments(args) {
  const { values } = parse(args);
  const { 'run-id': runId, 'phase-id': phaseId, force = false } = values;
  if (!runId || !phaseId) throw new Refusal('Both --run-id and --phase-id are needed.');
  return { runId, phaseId, force };
}

/** @param {string[]} args */
function parse(args) {
  const options = /** @type {const} */ ({
    'run-id': { type: 'string' },
    'phase-id': { type: 'string' },
    force: { type: 'boolean' },
  });
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

/**
 * `sqlite:///` is followed by a path, absolute (`sqlite:////srv/a.db`, `sqlite:///C:/a.db`) or relative to the repository,
 * or with `uri=true` by SQLite's own kind of URI, in which a name with a question mark can be written.
 * @param {string} url
 * @param {string} repository
 */
function databasePathOf(url, repository) {
  if (url === '')
    throw new Refusal('DATABASE_URL is not set. Say which database is meant: there is no default.');
  const [, name, query] = /^sqlite(?:\+\w+)?:\/\/\/([^?]+)(?:\?(.*))?$/.exec(url) ?? [];
  if (name === undefined) throw new Refusal(`DATABASE_URL is not a sqlite:/// URL: ${url}`);
  const isUri = new URLSearchParams(query).get('uri') === 'true' && name.startsWith('file:');
  return resolve(repository, isUri ? decodeURIComponent(name.slice('file:'.length)) : name);
}
