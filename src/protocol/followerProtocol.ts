import * as z from 'zod';
import type { ModelRequest } from '../core/builders/modelPort.ts';
import type { ProposedFiles } from '../core/model/executionHost.ts';
import type { ModelUsage } from '../core/model/modelCall.ts';

/** The kinds of requests there are; a follower says which of them it serves. */
export const followerRequestKinds = ['approve', 'model-call'] as const;
/** One of {@link followerRequestKinds}. */
export type FollowerRequestKind = (typeof followerRequestKinds)[number];

/** A model of the editor, as the editor finds it again. */
export type ChatModelRef = Readonly<z.output<typeof chatModelRef>>;
export const chatModelRef = z.object({
  /** Who provides it: `copilot`. */
  vendor: z.string().min(1).max(200),
  /** Unique among those of its vendor. */
  id: z.string().min(1).max(200),
});

const proposal = z.object({
  key: z.object({ runId: z.string(), phaseId: z.string() }),
  files: z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string() })),
}) satisfies z.ZodType<ProposedFiles>;

const modelRequest = z.object({
  system: z.string(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
  maxTokens: z.number(),
  stallMs: z.number(),
}) satisfies z.ZodType<ModelRequest>;

/** What a drain wants of a follower: a person's decision on files, or a call of one of the editor's models. */
export type FollowerRequest =
  | { readonly kind: 'approve'; readonly proposal: ProposedFiles }
  | { readonly kind: 'model-call'; readonly model: ChatModelRef; readonly request: ModelRequest };
const followerRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve'), proposal }),
  z.object({ kind: z.literal('model-call'), model: chatModelRef, request: modelRequest }),
]) satisfies z.ZodType<FollowerRequest>;

const count = z.number().int().min(0).max(1e9);
const usage = z.object({
  input: count,
  uncachedInput: count,
  cachedInput: count,
  cacheWrite: count,
  output: count,
  reasoning: count,
  source: z.enum(['reported', 'counted']),
}) satisfies z.ZodType<ModelUsage>;

/** Kinds of `ModelError` that a model of the editor can fail with. */
const chatModelErrors = [
  'no-access',
  'no-consent',
  'quota',
  'unknown-model',
  'rate-limit',
  'overloaded',
  'stalled',
  'disconnected',
  'context-length',
  'refused',
  'invalid',
] as const;

/** How a follower answered. The text of a model comes before, in pieces. */
export type FollowerAnswer = Readonly<z.output<typeof followerAnswer>>;
const followerAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('decision'),
    decision: z.enum(['approved', 'rejected']),
    /** Of exactly what was shown, see `proposalDigest`. */
    digest: z.string().length(64),
  }),
  z.object({ kind: z.literal('model-reply'), usage }),
  z.object({
    kind: z.literal('model-error'),
    error: z.enum(chatModelErrors),
    message: z.string().max(500),
    usage: usage.nullable(),
  }),
  /** It cannot, whoever is to blame; the drain may ask another. */
  z.object({ kind: z.literal('unable'), message: z.string().max(500) }),
]);

/** Unique within one drain. */
const id = z.number().int().positive();

/** Characters of one piece of a model's text; longer ones are sent in several. */
export const longestPiece = 16 * 1024;

/** Drain to follower: a request, and that its answer is not wanted any more. */
export const requestToFollower = [
  z.object({ kind: z.literal('request'), id, request: followerRequest }),
  z.object({ kind: z.literal('withdrawn'), id }),
] as const;

/** Follower to drain: which requests it serves, a piece of a model's text, and an answer. */
export const answerToDrain = [
  z.object({ kind: z.literal('serves'), kinds: z.array(z.enum(followerRequestKinds)).max(10) }),
  z.object({ kind: z.literal('text'), id, text: z.string().max(longestPiece) }),
  z.object({ kind: z.literal('answer'), id, answer: followerAnswer }),
] as const;
