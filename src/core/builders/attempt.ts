import { CancelledError, serializeError } from '../errors.ts';
import type {
  ClaimedPhase,
  ExecutionActivity,
  ExecutionHost,
  PhaseSettlement,
  RecordedCall,
} from '../model/executionHost.ts';
import type { ExecutorProblem } from '../model/execution.ts';
import { spendOf, totalCost, type CallCost, type ModelUsage } from '../model/modelCall.ts';
import type { PhaseBrief } from '../model/phaseBrief.ts';
import type { ClockPort } from '../ports.ts';
import { deliverableMix } from '../telemetry/estimator/deliverableKind.ts';
import { predictTokens, selectBudget, type Estimator } from '../telemetry/estimator/estimator.ts';
import { t } from '../text/l10n.ts';
import { parseAnswer, type AnsweredFile } from './answerFormat.ts';
import { AttemptEnd } from './attemptEnd.ts';
import type { AttemptJournalPort } from './attemptJournal.ts';
import type { FilePlan, PhaseFilesPort, Verification, VerifierPort } from './builderPorts.ts';
import { quoted, refusedDeliverables } from './deliverablePaths.ts';
import { buildPrompt, repairMessages } from './buildPrompt.ts';
import type { Deadline } from './deadline.ts';
import { ModelConversation, type CallPlan } from './modelConversation.ts';
import type { ModelMessage, ModelPort } from './modelPort.ts';

/** How a phase is built. */
export interface BuildOptions {
  readonly continueCut: boolean;
  /** The longest silence of the model, in ms. */
  readonly stallMs: number;
  /** The most output tokens that the model takes as a limit; `null` where none is known. */
  readonly maxOutputTokens: number | null;
  /** In ms; the time in which a person decides does not count. */
  readonly timeoutMs: number;
  /** Where the checkpoint of this attempt is kept; absolute. */
  readonly attemptFolder: string;
}

/** What a phase is built with. */
export interface BuildParts {
  readonly model: ModelPort;
  readonly files: PhaseFilesPort;
  readonly verifier: VerifierPort;
  readonly journal: AttemptJournalPort;
  readonly clock: ClockPort;
  readonly estimator: Estimator;
  /** US dollars; `null` where the model has no price. */
  readonly priceOf: (usage: ModelUsage) => CallCost | null;
  /** A random boundary for one request, see `buildPrompt`. */
  readonly newBoundary: () => string;
  /** A line of the attempt's log. */
  readonly log: (message: string) => void;
}

/** How an attempt ended, before it is settled. */
export interface AttemptOutcome extends Omit<PhaseSettlement, 'calls'> {
  readonly problem: ExecutorProblem | null;
  readonly isCancelled: boolean;
}

/** One attempt at a phase, from the question to files that were verified. */
export class Attempt {
  readonly notes: string[] = [];
  readonly #claim: ClaimedPhase;
  readonly #options: BuildOptions;
  readonly #parts: BuildParts;
  readonly #host: ExecutionHost;
  readonly #deadline: Deadline;
  #conversation: ModelConversation | null = null;
  #hasWritten = false;

  constructor(
    claim: ClaimedPhase,
    options: BuildOptions,
    parts: BuildParts,
    host: ExecutionHost,
    deadline: Deadline,
  ) {
    this.#claim = claim;
    this.#options = options;
    this.#parts = parts;
    this.#host = host;
    this.#deadline = deadline;
  }

  get calls(): readonly RecordedCall[] {
    return this.#conversation?.calls ?? [];
  }

  log(message: string): void {
    this.#parts.log(message);
  }

  /** Runs the attempt to its end; files are left written only where the phase is complete. */
  async run(): Promise<AttemptOutcome> {
    try {
      await this.#build();
      this.#conversation?.succeeded();
      return { state: 'COMPLETE', reason: null, timedOut: false, problem: null, isCancelled: false };
    } catch (error) {
      await this.restore();
      return this.#endOf(error);
    }
  }

  /** Puts back what this attempt wrote. */
  async restore(): Promise<void> {
    if (!this.#hasWritten) return;
    const changed = await this.#parts.files.restore(this.#options.attemptFolder);
    this.#hasWritten = false;
    this.log('The files of this attempt are as they were before.');
    for (const path of changed) {
      this.#note(`${path} was changed by another program since it was written: it is left as it is.`);
    }
  }

  #endOf(error: unknown): AttemptOutcome {
    const { phaseId } = this.#claim;
    if (error instanceof AttemptEnd) {
      const { state, message: reason, timedOut, problem } = error;
      return { state, reason, timedOut, problem, isCancelled: false };
    }
    if (this.#deadline.isReached) {
      const reason = `Timed out after ${Math.round(this.#options.timeoutMs / 1000)} s.`;
      return { state: 'FAILED', reason, timedOut: true, problem: null, isCancelled: false };
    }
    if (error instanceof CancelledError) {
      const reason = this.#claim.brief.lastFailureReason;
      return { state: 'QUEUED', reason, timedOut: false, problem: null, isCancelled: true };
    }
    const { message } = serializeError(error);
    this.log(`${phaseId}: ${message}`);
    return { state: 'FAILED', reason: message, timedOut: false, problem: null, isCancelled: false };
  }

  async #build(): Promise<void> {
    const { brief } = this.#claim;
    const { files } = this.#parts;
    this.#refuseForbiddenDeliverables(brief);
    const plan = this.#callPlan(await files.existing(brief));
    const context = await files.context(brief);
    for (const note of context.notes) this.#note(note);
    const boundary = this.#parts.newBoundary();
    const prompt = buildPrompt(brief, context.files, boundary);
    for (const note of prompt.notes) this.#note(note);
    const { model } = this.#parts.model;
    this.log(`Asking ${model}: ${plan.predicted} output tokens predicted, at most ${plan.maxTokens}.`);
    this.#conversation = new ModelConversation(
      {
        ...this.#parts,
        budget: this.#host.budget,
        deadline: this.#deadline,
        plan,
        continueCut: this.#options.continueCut,
        stallMs: this.#options.stallMs,
        onOutput: (tokens, until) => this.#report(until === undefined ? 'asking' : 'waiting', tokens, until),
      },
      prompt.system,
    );
    const answered = await this.#answer(this.#conversation, { role: 'user', text: prompt.user }, boundary);
    const filePlan = await files.plan(brief, answered);
    this.#refuseForbidden(filePlan);
    await this.#approve(filePlan);
    this.#report('writing');
    // Set before, for a failure in the midst of it is put right by the checkpoint as well.
    this.#hasWritten = true;
    await files.write(filePlan, this.#options.attemptFolder);
    this.#report('verifying');
    this.#require(await this.#parts.verifier.verify(brief, this.#deadline.signal));
  }

  /** Before anything is paid for: what the phase asks for must be something that may be written. */
  #refuseForbiddenDeliverables(brief: PhaseBrief): void {
    if (brief.deliverables.length === 0) {
      throw new AttemptEnd(
        'FAILED',
        'The phase names no deliverables: there is nothing that may be written.',
      );
    }
    const [refused] = refusedDeliverables(brief);
    if (refused === undefined) return;
    throw new AttemptEnd(
      'FAILED',
      `The phase asks for a file that may not be written: ${quoted(refused.path)} ${refused.reason}.`,
    );
  }

  #callPlan(exists: readonly boolean[]): CallPlan {
    const { brief } = this.#claim;
    const { estimator } = this.#parts;
    const { category, complexity, deliverables } = brief;
    const created = deliverableMix(deliverables.filter((_, index) => exists[index] !== true));
    const modified = deliverableMix(deliverables.filter((_, index) => exists[index] === true));
    const predicted = predictTokens(estimator, { category, complexity }, { created, modified });
    const selectedBudget = selectBudget(estimator, complexity, predicted);
    const { maxOutputTokens } = this.#options;
    return { predicted, selectedBudget, maxTokens: Math.min(selectedBudget, maxOutputTokens ?? Infinity) };
  }

  /** The files of an answer that parse. Their parsers start while the model is at work. */
  async #answer(
    conversation: ModelConversation,
    first: ModelMessage,
    boundary: string,
  ): Promise<readonly AnsweredFile[]> {
    const release = this.#parts.verifier.prepare(this.#claim.brief);
    try {
      const answered = await this.#ask(conversation, first, boundary);
      this.#require(await this.#parts.verifier.parse(answered, this.#deadline.signal));
      return answered;
    } finally {
      release();
    }
  }

  /** An answer that cannot be read is asked for once more, with what was wrong about it. */
  async #ask(
    conversation: ModelConversation,
    first: ModelMessage,
    boundary: string,
  ): Promise<readonly AnsweredFile[]> {
    const { deliverables } = this.#claim.brief;
    const answer = await conversation.ask([first]);
    const parsed = parseAnswer(answer, boundary, deliverables);
    if (parsed.kind === 'files') return parsed.files;
    const { complaint } = parsed;
    this.#note(`The first answer could not be used: ${complaint}`);
    const messages = repairMessages(first, answer, complaint, boundary);
    const repaired = parseAnswer(await conversation.ask(messages, complaint), boundary, deliverables);
    if (repaired.kind === 'files') return repaired.files;
    throw new AttemptEnd('FAILED', `The answer could not be used: ${repaired.complaint}`);
  }

  #refuseForbidden({ refused }: FilePlan): void {
    if (refused.length === 0) return;
    for (const { path, reason } of refused) this.#note(`Refused to write ${path}: ${reason}`);
    const [first] = refused;
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : '';
    throw new AttemptEnd(
      'FAILED',
      `Nothing was written: ${first?.path ?? ''} is refused${more}. ${first?.reason ?? ''}`,
    );
  }

  async #approve({ proposal }: FilePlan): Promise<void> {
    const { person } = this.#host;
    if (person === null) return;
    this.#report('approving');
    this.#deadline.pause();
    const decision = await person.approve(proposal, this.#deadline.signal);
    this.#deadline.resume();
    switch (decision) {
      case 'approved':
        return;
      case 'rejected':
        throw new AttemptEnd('FAILED', 'You rejected the files of this attempt.');
      case 'absent':
        throw new AttemptEnd('QUEUED', 'Nobody was there to approve the files.', {
          problem: {
            get message() {
              return t`Files wait for approval, and no window is open on this workspace.`;
            },
            get nextStep() {
              return t`Open the workspace in VS Code and resume, or let the drain write without asking.`;
            },
          },
        });
    }
  }

  /** Ends the attempt where something is wrong with its files. */
  #require({ problems, notChecked }: Verification): void {
    for (const note of notChecked) this.#note(note);
    if (problems.length > 0) throw new AttemptEnd('FAILED', problems.join(' '));
  }

  #note(text: string): void {
    this.notes.push(text);
    this.log(text);
  }

  #report(step: ExecutionActivity['step'], tokens?: number, until?: number): void {
    const spend = spendOf(this.calls);
    const outputTokens = tokens ?? spend.output;
    const cost = spend.unpricedCalls > 0 ? null : totalCost(spend.cost);
    this.#host.report({ step, outputTokens, cost, ...(until === undefined ? {} : { until }) });
  }
}
