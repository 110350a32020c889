import type { ZeroYieldCause, ZeroYieldCode } from '../../core/drain/zeroYield.ts';

const labels: Readonly<Record<ZeroYieldCause | ZeroYieldCode, string>> = {
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  'not-started': 'the executor did not start',
  'timed-out': 'timed out',
  'table-missing': 'no table for it',
  'telemetry-disabled': 'telemetry is disabled',
  'recorded-elsewhere': 'recorded under another run',
  'import-error': 'import error',
  'model-limit': 'a limit of the model was hit',
  'provider-error': 'the model provider refused or failed',
  environment: 'a fault of the environment',
  'model-reached-and-failed': 'failed after the model was reached',
  'failed-before-model': 'failed before the model was reached',
  'succeeded-not-flushed': 'not flushed',
  'succeeded-without-model': 'no model was called',
  'did-nothing': 'the executor did nothing',
  'crashed-before-phase': 'the executor crashed before the phase',
  unknown: 'cause unknown',
  success_no_llm_calls: 'no model was called',
  timeout: 'timed out',
  failed_before_llm: 'failed before the model was reached',
  llm_boundary_hit: 'a limit of the model was hit',
  execution_error: 'execution error',
};

/** Why a phase gave no telemetry, in words; what is not known is shown as it is. */
export function causeLabel(cause: string): string {
  return (labels as Readonly<Record<string, string>>)[cause] ?? cause;
}
