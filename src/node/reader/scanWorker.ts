import { workerData } from 'node:worker_threads';
import { readSharedEvents } from '../../core/telemetry/samples/readEvents.ts';
import { describeRatiosByModel } from '../../core/telemetry/evidence/describeRatios.ts';
import { DescriptorImage } from './nodeFiles.ts';
import { helperStates, type HelperData, type HelperReply, type HelperTask } from './scanHelpers.ts';

// The entry of a thread beside the reader's: it does one task and ends.
const { task, state, port } = workerData as HelperData;
const { starting, reading, done } = helperStates;
if (Atomics.compareExchange(state, 0, starting, reading) === starting) {
  port.postMessage(reply(task));
  Atomics.store(state, 0, done);
  Atomics.notify(state, 0);
}

function reply(given: HelperTask): HelperReply {
  try {
    if (given.kind === 'ratios') return { ratios: describeRatiosByModel(given.columns, given.evidence) };
    const { scan, descriptor } = given;
    return { part: readSharedEvents(new DescriptorImage(descriptor, scan.byteLength), scan) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
