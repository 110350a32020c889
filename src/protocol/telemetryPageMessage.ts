import * as z from 'zod';
import { sampleQualities, suspicions } from '../core/telemetry/samples/sampleQuality.ts';
import {
  pictured,
  pictureFormats,
  telemetryActions,
  telemetryExportFormats,
  telemetryProtocolVersion,
  type TelemetryPageMessage,
} from './telemetryProtocol.ts';

const version = z.literal(telemetryProtocolVersion);
const names = z.array(z.string()).max(10_000);
/** Within what a date can be (ECMA-262). */
const time = z.number().min(-8.64e15).max(8.64e15).nullable();
const range = z.object({ from: z.number(), to: z.number() }).nullable();
const options = z.object({
  successOnly: z.boolean(),
  stratify: z.boolean(),
  underMultiplier: z.number().positive().max(100),
  includeSynthetic: z.boolean(),
});
const filter = z.object({
  run: z.string(),
  models: names,
  categories: names,
  complexities: names,
  qualities: z.array(z.enum(sampleQualities)),
  reasons: z.array(z.enum(suspicions)),
  from: time,
  until: time,
  predicted: range,
  actual: range,
});
const state = z.string().max(1000);
const count = z.int().nonnegative();
/** Characters of a picture: a chart on a large screen takes a tenth of it. */
const mostPicture = 20_000_000;
const message: z.ZodType<TelemetryPageMessage> = z.discriminatedUnion('kind', [
  z.object({
    version,
    kind: z.literal('analyse'),
    request: z.int().nonnegative(),
    options,
    filter,
    compared: filter.nullable(),
  }),
  z.object({
    version,
    kind: z.literal('openPhase'),
    phase: z.object({ runId: z.string(), phaseId: z.string() }),
  }),
  z.object({ version, kind: z.literal('runAction'), action: z.enum(telemetryActions) }),
  z.object({ version, kind: z.literal('calibrate'), anyRole: z.boolean() }),
  z.object({ version, kind: z.literal('writeProposal'), state }),
  z.object({ version, kind: z.literal('applyProposal'), state }),
  z.object({ version, kind: z.literal('chooseEstimator') }),
  z.object({ version, kind: z.literal('revealed') }),
  z.object({
    version,
    kind: z.literal('export'),
    format: z.enum(telemetryExportFormats),
    options,
    filter,
    shown: z.object({ samples: count, of: count, state }),
  }),
  z.object({
    version,
    kind: z.literal('savePicture'),
    of: z.enum(pictured),
    format: z.enum(pictureFormats),
    data: z.string().max(mostPicture),
  }),
  z.object({ version, kind: z.literal('page-failed'), message: z.string().max(10_000) }),
]);

/** Reads what a page posted, or `null` if it is no message of this version: then the page is of another build. */
export function parseTelemetryPageMessage(posted: unknown): TelemetryPageMessage | null {
  const parsed = message.safeParse(posted);
  return parsed.success ? parsed.data : null;
}
