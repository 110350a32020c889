import assert from 'node:assert/strict';
import { explainZeroYield, type ZeroYieldFacts } from '../../../../src/core/drain/zeroYield.ts';

describe('explainZeroYield', () => {
  const facts: ZeroYieldFacts = {
    execution: { outcome: 'exited', exitCode: 1, stdoutTail: '', stderrTail: '' },
    timeoutSeconds: 900,
    success: false,
    unchanged: false,
    hasTrace: true,
    hasTelemetryTable: true,
    llmCalls: 0,
    misfiled: '',
    error: 'PATCH_FAILED',
  };
  const saying = (stderrTail: string, exitCode = 1): Partial<ZeroYieldFacts> => ({
    execution: { outcome: 'exited', exitCode, stdoutTail: 'Starting\n', stderrTail },
  });
  const called =
    '[2025-12-29 19:04:08] INFO: HTTP Request: POST https://api.anthropic.com/v1/messages "HTTP/1.1 200 OK"';

  it('quotes the error itself, not the source line a traceback shows', () => {
    const stderr = `Traceback (most recent call last):
    raise ImportError("No module named 'x'")
ImportError: No module named 'x'
`;
    assert.equal(
      explainZeroYield({ ...facts, ...saying(stderr) }).evidence,
      "ImportError: No module named 'x'",
    );
    const harmless = explainZeroYield({ ...facts, ...saying('TELEMETRY_DB_ENABLED=1, 0 events so far') });
    assert.equal(harmless.cause, 'failed-before-model');
  });

  const cases: readonly (readonly [
    cause: string,
    code: string,
    evidence: RegExp,
    Partial<ZeroYieldFacts>,
  ])[] = [
    ['timed-out', 'timeout', /900 s/, { execution: { ...facts.execution, outcome: 'timed-out' } }],
    ['cancelled', 'unknown', /cancelled/, { execution: { ...facts.execution, outcome: 'cancelled' } }],
    [
      'not-started',
      'failed_before_llm',
      /PATCH/,
      { execution: { ...facts.execution, outcome: 'failed-to-start' } },
    ],
    [
      'table-missing',
      'execution_error',
      /There is no token_estimation_v2_events/,
      { hasTelemetryTable: false },
    ],
    [
      'table-missing',
      'success_no_llm_calls',
      /no column named x/,
      { ...saying('x: table token_estimation_v2_events has no column named x'), success: true },
    ],
    [
      'telemetry-disabled',
      'execution_error',
      /^WARNING: TELEMETRY_DB_ENABLED is not set$/,
      saying('WARNING: TELEMETRY_DB_ENABLED is not set\nbye'),
    ],
    ['recorded-elsewhere', 'execution_error', /under run/, { misfiled: '1 event(s) under run "unknown".' }],
    ['succeeded-not-flushed', 'success_no_llm_calls', /2 new row/, { success: true, llmCalls: 2 }],
    ['succeeded-without-model', 'success_no_llm_calls', /llm_usage_events/, { success: true }],
    ['model-limit', 'llm_boundary_hit', /context_length_exceeded/, saying('Error: context_length_exceeded')],
    [
      'import-error',
      'failed_before_llm',
      /No module named/,
      saying("ModuleNotFoundError: No module named 'autopack'"),
    ],
    ['model-reached-and-failed', 'execution_error', /HTTP Request: POST/, saying(`${called}\nboom`)],
    [
      'provider-error',
      'execution_error',
      /not_found_error/,
      {
        ...saying(called),
        error: "Error code: 404 - {'error': {'type': 'not_found_error', 'message': 'model: claude-x'}}",
      },
    ],
    ['failed-before-model', 'failed_before_llm', /PATCH_FAILED/, {}],
    [
      'crashed-before-phase',
      'failed_before_llm',
      /Exit code 139 \(SIGSEGV: crashed\), and nothing changed/,
      { ...saying('', 139), unchanged: true, hasTrace: false },
    ],
    [
      'did-nothing',
      'unknown',
      /Final state: FAILED/,
      { ...saying('[drain_one_phase] Final state: FAILED', 1), unchanged: true, hasTrace: false },
    ],
    ['did-nothing', 'unknown', /Exit code 0/, { ...saying('', 0), unchanged: true }],
    ['unknown', 'unknown', /Exit code 0/, { ...saying('', 0), error: '' }],
  ];
  for (const [cause, code, evidence, change] of cases) {
    it(`${cause}, as ${code}`, () => {
      const found = explainZeroYield({ ...facts, ...change });
      assert.deepEqual([found.cause, found.code], [cause, code]);
      assert.match(found.evidence, evidence);
      assert.match(found.advice, /^[A-Z].*[.]$/);
    });
  }
});
