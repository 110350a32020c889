// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeDeliverables } from './deliverables.mjs';
import { estimateTokens } from './estimator.mjs';
import { logInfo } from './executorLog.mjs';
import { recordedAnswer } from './recordedAnswer.mjs';
import { recordedModel } from './telemetryRows.mjs';

/** @typedef {import('./phaseLedger.mjs').ClaimedPhase} ClaimedPhase */
/** @typedef {import('./phaseLedger.mjs').PhaseResult} PhaseResult */
/** @typedef {import('./executorSettings.mjs').ExecutorSettings} ExecutorSettings */

/** As long as a timer can wait. */
const foreverMs = 2 ** 31 - 1;

/**
 * Builds one phase from its recorded answer: asks, waits, and writes the deliverables.
 * @param {ClaimedPhase} phase
 * @param {ExecutorSettings} settings
 * @returns {Promise<PhaseResult>}
 */
export async function buildPhase(phase, { repository, outcome, delayMs }) {
  const answer = recordedAnswer(phase.phaseId);
  if (answer === null) throw new Error(`${phase.phaseId} was claimed without a recorded answer.`);

  const wanted = phase.deliverables.length > 0 ? phase.deliverables : answer.files.map(({ path }) => path);
  const files = answer.files.filter(({ path }) => wanted.includes(path));
  if (files.length < wanted.length) {
    const recorded = files.map(({ path }) => path).join(', ') || 'other files';
    return failure(`DELIVERABLES_VALIDATION_FAILED: ${wanted.join(', ')} wanted, ${recorded} recorded`);
  }

  const existing = wanted.map((path) => ({ path, exists: existsSync(join(repository, path)) }));
  const estimate = estimateTokens(phase.category, phase.complexity, existing);
  const { inputTokens, outputTokens: actual } = answer;
  const call = { ...estimate, actual, inputTokens, deliverables: wanted };
  logInfo(`[${phase.phaseId}] Asking ${recordedModel}: ${call.predicted} output tokens expected`);
  await sleep(outcome === 'hang' ? foreverMs : delayMs);

  if (outcome === 'fail') return failure('PATCH_FAILED: AUTOPACK_EXAMPLE_OUTCOME asks for it', call);
  try {
    writeDeliverables(repository, files);
  } catch (error) {
    return failure(`DELIVERABLES_WRITE_FAILED: ${Object(error).message}`, call);
  }
  for (const { path } of files) logInfo(`[${phase.phaseId}] Wrote ${path}`);
  return { failureReason: null, call: outcome === 'silent' ? null : { ...call, success: true } };
}

/**
 * A phase that failed, before the model was asked or after the call.
 * @param {string} failureReason
 * @param {Omit<import('./telemetryRows.mjs').ModelCall, 'success'>} [call]
 * @returns {PhaseResult}
 */
function failure(failureReason, call) {
  return { failureReason, call: call === undefined ? null : { ...call, success: false } };
}
