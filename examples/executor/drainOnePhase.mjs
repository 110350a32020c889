#!/usr/bin/env node
// @ts-check
// Executes one phase as Autopack's `scripts/drain_one_phase.py` does, from a recorded answer instead of a model.
// Exit codes: 0 complete, 1 failed, 2 refused with nothing changed, 128 + signal when interrupted.
import { buildPhase } from './buildPhase.mjs';
import { complain, logInfo, say } from './executorLog.mjs';
import { readSettings } from './executorSettings.mjs';
import { openDatabase } from './openDatabase.mjs';
import { claimPhase, settlePhase } from './phaseLedger.mjs';
import { Refusal } from './refusal.mjs';
import { estimationLogLine } from './telemetryRows.mjs';

/**
 * Runs the phase to its end and returns the exit code.
 * @param {import('./executorSettings.mjs').ExecutorSettings} settings
 */
async function drainOnePhase(settings) {
  const database = openDatabase(settings.databasePath);
  try {
    const phase = claimPhase(database, settings);
    say(`DATABASE_URL: ${settings.databaseUrl} (${settings.databasePath})`);
    say(`Draining: ${phase.runId} / ${phase.phaseId}${phase.requeued ? ', which had FAILED' : ''}`);
    logInfo(`[${phase.phaseId}] Attempt ${phase.attempts}, ${phase.category}, ${phase.complexity}`);

    const result = await buildPhase(phase, settings);
    if (result.call !== null) logInfo(estimationLogLine(phase, result.call));
    settlePhase(database, phase, result, settings.telemetry);

    if (result.failureReason !== null) complain(result.failureReason);
    say(`Final state: ${result.failureReason === null ? 'COMPLETE' : 'FAILED'}`);
    return result.failureReason === null ? 0 : 1;
  } finally {
    database.close();
  }
}

for (const [signal, exitCode] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.once(signal, () => {
    // Between two transactions: nothing is half written. As with Autopack, the phase stays EXECUTING.
    complain(`Stopped by ${signal}.`);
    process.exit(exitCode);
  });
}

try {
  process.exitCode = await drainOnePhase(readSettings(process.argv.slice(2), process.env, process.cwd()));
} catch (error) {
  const refused = error instanceof Refusal;
  complain(`${refused ? 'Refused: ' : ''}${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = refused ? 2 : 1;
}
