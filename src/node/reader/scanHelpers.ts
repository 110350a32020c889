import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { endSharedScan, type ScanHelpers, type SharedScan } from '../../core/db/scan/scanThreads.ts';
import type { StartThreads } from '../../core/db/snapshot/snapshotConnection.ts';
import type { EventScanTask, SharedPart } from '../../core/telemetry/samples/readEvents.ts';
import {
  describeRatiosByModel,
  type RatioColumns,
  type RatioDistributions,
  type TelemetryThreads,
} from '../../core/telemetry/evidence/describeRatios.ts';
import type { EvidenceSamples } from '../../core/telemetry/evidence/evidenceSamples.ts';
import { DescriptorImage } from './nodeFiles.ts';

/** What a thread is at, in shared memory. A thread that has not begun when the scan is over is not waited for. */
export const helperStates = { starting: 0, reading: 1, done: 2, unwanted: 3 } as const;

/** What a thread is to do. */
export type HelperTask =
  | { readonly kind: 'events'; readonly scan: SharedScan<EventScanTask>; readonly descriptor: number }
  | { readonly kind: 'ratios'; readonly columns: RatioColumns; readonly evidence: EvidenceSamples };

/** What a thread is started with. */
export interface HelperData {
  readonly task: HelperTask;
  readonly state: Int32Array<SharedArrayBuffer>;
  /** Where the reply goes. */
  readonly port: MessagePort;
}

/** What it sends when it is done. */
export type HelperReply =
  { readonly part: SharedPart } | { readonly ratios: RatioDistributions } | { readonly error: string };

/** More threads than this wait for the disk or for memory. */
const mostHelpers = 3;
/** A thread that reads and does not end within this is lost: nothing it does takes nearly as long. In ms. */
const busyTimeoutMs = 60_000;

interface Helper {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly state: Int32Array<SharedArrayBuffer>;
}

/** A table of 64 MiB takes as long to read as a thread to start. */
const fewestPages = 16_384;

/** Of fewer samples, ratios are described before another thread has started. */
const fewestSamples = 300_000;

/** Threads with this script that read events from open files, and describe the ratios of very many samples. */
export function scanThreads(
  workerUrl: URL,
  fewest = fewestPages,
  samples = fewestSamples,
): (...file: Parameters<StartThreads>) => Omit<TelemetryThreads, 'noteRead'> {
  return (descriptor, byteLength) => ({
    fewestPages: fewest,
    open: () => new DescriptorImage(descriptor, byteLength),
    openScattered: () => new DescriptorImage(descriptor, byteLength, 0),
    help: (scan) => startScanHelpers(workerUrl, descriptor, scan),
    describeRatios: (columns, evidence) => {
      const here = (): RatioDistributions => describeRatiosByModel(columns, evidence);
      // Columns that are not shared would be copied.
      if (evidence.clean.length < samples || !(columns.actual.buffer instanceof SharedArrayBuffer))
        return here;
      const shared = { clean: share(evidence.clean), truncated: share(evidence.truncated) };
      const task = { kind: 'ratios', columns: onlyRatioColumns(columns), evidence: shared } as const;
      const helper = startHelper(workerUrl, task);
      return () => {
        const reply = waitFor(helper);
        return reply !== null && 'ratios' in reply ? reply.ratios : here();
      };
    },
  });
}

/** Sent as it is, an array would be copied together with all memory that it is a part of. */
function share(indices: Uint32Array): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(indices.byteLength));
  shared.set(indices);
  return shared;
}

/** Samples have more columns than another thread needs, and a list of all phases. */
function onlyRatioColumns(samples: RatioColumns): RatioColumns {
  const { actual, predicted, phase, category, complexity, complexities, model, models } = samples;
  return { actual, predicted, phase, category, complexity, complexities, model, models };
}

/** Starts threads that read events from an open file, one for each core but the caller's, at least one. */
function startScanHelpers(
  workerUrl: URL,
  descriptor: number,
  scan: SharedScan<EventScanTask>,
): ScanHelpers<SharedPart> {
  const count = Math.max(1, Math.min(mostHelpers, availableParallelism() - 1));
  const task = { kind: 'events', scan, descriptor } as const;
  const helpers = Array.from({ length: count }, () => startHelper(workerUrl, task));
  return {
    finish() {
      endSharedScan(scan);
      const replies = helpers.map(waitFor);
      const parts = replies.flatMap((reply) => (reply !== null && 'part' in reply ? [reply.part] : []));
      return replies.some((reply) => reply !== null && 'error' in reply) ? null : parts;
    },
  };
}

function startHelper(workerUrl: URL, task: HelperTask): Helper {
  const { port1: port, port2 } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const workerData: HelperData = { task, state, port: port2 };
  const worker = new Worker(workerUrl, {
    name: 'autopack database scan',
    workerData,
    transferList: [port2],
    trackUnmanagedFds: false,
  });
  // One that cannot start takes no part: its pages are read by others.
  worker.on('error', () => undefined);
  return { worker, port, state };
}

/** What a thread sends; `null` from one that never began. */
function waitFor({ worker, port, state }: Helper): HelperReply | null {
  const { starting, reading, done, unwanted } = helperStates;
  try {
    if (Atomics.compareExchange(state, 0, starting, unwanted) === starting) return null;
    const isLost = Atomics.wait(state, 0, reading, busyTimeoutMs) === 'timed-out';
    if (isLost || Atomics.load(state, 0) !== done) return { error: 'The thread does not answer.' };
    const reply = receiveMessageOnPort(port)?.message as HelperReply | undefined;
    return reply ?? { error: 'The thread has sent nothing.' };
  } finally {
    port.close();
    void worker.terminate();
  }
}
