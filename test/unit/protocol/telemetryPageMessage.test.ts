import assert from 'node:assert/strict';
import { noFilter } from '../../../src/core/telemetry/page/telemetryFilter.ts';
import { parseTelemetryPageMessage } from '../../../src/protocol/telemetryPageMessage.ts';
import {
  telemetryProtocolVersion as version,
  type TelemetryPageMessage,
} from '../../../src/protocol/telemetryProtocol.ts';

const options = { successOnly: true, stratify: false, underMultiplier: 1, includeSynthetic: true };
const filter = { ...noFilter, qualities: ['clean'], predicted: { from: 1, to: 2 } } as const;
const analyse: TelemetryPageMessage = {
  version,
  kind: 'analyse',
  request: 3,
  options,
  filter,
  compared: filter,
};

describe('messages of the telemetry page', () => {
  it('are read as they were sent', () => {
    const messages: readonly TelemetryPageMessage[] = [
      analyse,
      { version, kind: 'openPhase', phase: { runId: 'r', phaseId: 'p' } },
      { version, kind: 'runAction', action: 'drain' },
      { version, kind: 'export', format: 'csv', options, filter, shown: { samples: 3, of: 9, state: 's' } },
      { version, kind: 'calibrate', anyRole: true },
      { version, kind: 'writeProposal', state: 's' },
      { version, kind: 'applyProposal', state: 's' },
      { version, kind: 'chooseEstimator' },
      { version, kind: 'savePicture', of: 'trend', format: 'svg', data: '<svg />' },
      { version, kind: 'page-failed', message: 'TypeError' },
    ];
    assert.deepEqual(messages.map(parseTelemetryPageMessage), messages);
  });

  it('are refused when they are of another version or form, or ask for an unknown command', () => {
    const refused = [
      null,
      'analyse',
      { ...analyse, version: version + 1 },
      { ...analyse, request: -1 },
      { ...analyse, options: { ...options, underMultiplier: 0 } },
      { ...analyse, options: { ...options, underMultiplier: Infinity } },
      { ...analyse, filter: { ...filter, qualities: ['splendid'] } },
      { ...analyse, filter: undefined },
      { version, kind: 'runAction', action: 'deleteEverything' },
      { version, kind: 'openPhase', phase: { runId: 'r' } },
      { version, kind: 'calibrate' },
      { version, kind: 'applyProposal' },
      { version, kind: 'export', format: 'csv', options, filter, shown: { samples: -1, of: 9, state: 's' } },
      { version, kind: 'export', format: 'exe', options, filter, shown: { samples: 3, of: 9, state: 's' } },
    ];
    for (const message of refused) assert.equal(parseTelemetryPageMessage(message), null);
  });
});
