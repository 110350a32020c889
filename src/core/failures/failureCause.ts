import type { ExecutionResult } from '../model/execution.ts';
import { failureKindOf } from './failureKind.ts';
import { outputLines } from './outputLines.ts';

/** The text that says why an execution failed, and where it stands. */
export interface FailureCause {
  readonly text: string;
  readonly source: 'database' | 'stderr' | 'stdout';
  readonly weight: Weight;
}

/**
 * How much a line tells of a cause. Of equal weight, the last line of an output says it.
 * `aside` are warnings and what follows from the cause; a `status` only says that it failed; a `verdict` is the executor's
 * own word on the phase, against which tracebacks of its bookkeeping weigh nothing.
 */
const weights = {
  none: 0,
  aside: 1,
  status: 2,
  warning: 3,
  code: 4,
  complaint: 5,
  error: 6,
  cause: 7,
  verdict: 8,
} as const;
type Weight = (typeof weights)[keyof typeof weights];

/** Lines that say what went wrong, rather than what went on. */
const complaint =
  /\b(?:\w{0,100}Error|\w{0,100}Exception|error|fatal|failed|failure|refus\w{1,20}|cannot|can't|could not|couldn't|no such|unable to|denied|not found|timed out|panic|abort(?:ed|ing)?|killed|core dumped|segmentation fault)\b/i;

/** A line with which an interpreter, a compiler or a tool closes: `package.SomeError: why`, `fatal: why`, `E   why`. */
const closing =
  /^(?:[\s|+-]{0,12})(?:(?:[\w$]{1,60}\.){0,8}\w{0,60}(?:Error|Exception|Exit|Interrupt|Timeout|Refused|Failed)(?:\[\w{1,30}\])?(?: \([\w .]{1,60}\))?: ?\S|(?:fatal|error|panic|thread '[^'\n]{0,60}' panicked)(?:\[\w{1,10}\])?: \S|E {2,}[\w.]{1,100}(?:Error|Exception|Failed): \S|(?:FAILED|ERROR) \S{1,200} - \S|npm (?:ERR!|error) \S|.{0,80}: command not found\b)/;
const bareClosing = /^(?:[\w$]{1,60}\.){0,8}\w{0,60}(?:Error|Exception|Interrupt|Timeout)$/;

/** What follows from a cause, or stands around it. */
const asides: readonly RegExp[] = [
  /\(Background on (?:this error|SQLAlchemy)/i,
  /^\s*\[(?:SQL|parameters|generated in|raw sql)[:\]]/i,
  /\bnon[- ]?(?:blocking|fatal|critical)\b|\bnot (?:a )?(?:blocking|fatal|critical)\b|\bignor(?:ed|ing)\b|\bbest[- ]effort\b|\bfall(?:ing|s)?[- ]?back\b|\bwill (?:be )?retr(?:y|ied)\b|\bretrying\b|\bcontinuing (?:anyway|without)\b|\b(?:recreating|restoring|using|applying|assuming) (?:the )?defaults?\b/i,
  /\bcannot (?:proceed|continue) without\b/i,
  /\bfinished with (?:status|state)\b|\bfinal (?:status|state)\b|\bmark(?:ed|ing) (?:phase |run |it )?(?:as )?failed\b/i,
  /^\s*Traceback \(most recent call last\)|^\s*(?:File "|at .{0,300}:\d+|\^+|~+\^*)|^During handling of the above|^The above exception was/,
  /\b(?:Task exception was never retrieved|Future exception was never retrieved|Exception ignored in|coroutine '\S{0,100}' was never awaited|Enable tracemalloc)\b/,
  /\bFor (?:further|more) information (?:visit|check|see)\b|\bsee the caveats\b|\bA complete log of this run\b|\[notice\] |\bPlease (?:report|fix the configuration errors)\b|\bpress any key\b|\bwant to (?:learn|know) more\b/i,
  /\b(?:Qdrant|FAISS|MemoryService|NotificationChain|Telegram\w{0,20}|EmailChannel|SMSChannel)\b/i,
  /\[(?:Rollback|Doctor)\]/i,
  /\b(?:0 (?:errors?|failed|failures)|no errors?|without errors?|errors?[=:] ?0)\b/i,
  /^={3,}|^-{3,}|^_{3,}|^\s*make(?:\[\d+\])?: \*\*\*/,
];

/** After such a line, what was complained about before had been overcome. */
const recovery =
  /\b(?:builder|auditor|attempt|retry)\b[^\n]{0,80}\bsucceeded\b|\[TokenEstimationV2\][^\n]{0,300}\bsuccess=True\b/i;

/** Words of which a status is made that says nothing but that it failed. */
const vagueWords = new Set(
  `a an the this that it its is was were be been to of in on at by for with after before from as and or not no none null nan
  any all some phase phases run runs step tier task job stage iteration builder auditor doctor executor execution execute
  executing pipeline process subprocess child worker agent attempt attempts attempted try tries retry retries retried max
  maximum limit reached exceeded exhausted status state final result outcome finished finish ended end exit exited exiting
  code rc return returned failed fail fails failing failure failures unsuccessful unsuccessfully error errors exception
  exceptions occurred occured raised unhandled uncaught unknown unexpected internal generic unspecified aborted abort aborting
  stopped stopping terminated halted replan replanned replanning requested required requires require human review done
  escalation escalate escalating applying recovery hardening mitigated blocked needs need something went wrong see log logs
  detail details above below please check reason given n na incomplete incompletely completed complete successfully marking
  marked setting set budget_exhausted could cannot can due transient deterministic retrying execution_failed skip skipped`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Whether a text says only that something failed: `FAILED`, `max_attempts_exhausted`, `EXCEPTION: KeyError`, `Phase x finished with status: FAILED`. */
export function isBareStatus(text: string): boolean {
  const plain = text.slice(0, 300).trim();
  if (plain === '') return true;
  const named = plain.replace(/^(?:exception(?:_occurred)?|error|failed)[: ]{1,3}(?=\w{1,80}$)/i, '');
  if (/^(?:[\w$]{1,60}\.){0,8}\w{1,60}(?:Error|Exception)$/.test(named)) return true;
  return text.length <= 300 && wordsOf(plain).every((word) => vagueWords.has(word));
}

/** Whether a text is one code word of the executor that says more than that it failed: `PATCH_FAILED`. */
function isStatusCode(text: string): boolean {
  return /^(?:[A-Z][A-Z0-9_]{0,60}|[a-z0-9]{1,30}(?:_[a-z0-9]{1,30}){1,8})(?:: ?[A-Z][A-Z0-9_]{0,60}){0,3}$/.test(
    text.trim(),
  );
}

/** Ids, numbers and marks say nothing here. */
function wordsOf(text: string): string[] {
  const words = text.replace(/\[[^[\]\n]{0,100}\]/g, ' ').split(/[^A-Za-z0-9-]{1,300}/);
  return words
    .filter((word) => word !== '' && !/\d/.test(word))
    .flatMap((word) => (/^[A-Za-z]+$/.test(word) ? [word.toLowerCase()] : word.toLowerCase().split('-')))
    .filter((word) => word.length > 1);
}

/** The head that loggers put before a message, with its level. */
const logHead =
  /^\s{0,20}(?:\[?\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?\]?[\s|:-]{0,6})?(?:[\w.]{1,80} - )?(?:\[?(DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE)\]?(?![\w])(?: {0,8}\| [^\n|]{1,120} - |[:\s-]{1,8}(?:[\w.]{1,60}:(?=\S))?))?/;

function weigh(line: string, previous: string, phaseId: string | null): Weight {
  if (line.trim() === '') return weights.none;
  const [head = '', level = ''] = logHead.exec(line) ?? [];
  const said = line.slice(head.length).trim();
  const message = said.replace(/^(?:\[[^\]\n]{1,80}\]\s{0,4}){1,4}/, '');
  // The source of a frame, which is indented below it; without a source the error itself stands there.
  if (/^\s*File ".*", line \d+/.test(previous) && /^\s{3}/.test(line)) return weights.none;
  if (asides.some((aside) => aside.test(line))) return complaint.test(line) ? weights.aside : weights.none;
  if (/^(?:DEBUG|INFO|NOTICE)$/.test(level)) return complaint.test(message) ? weights.aside : weights.none;
  if (isBareStatus(message)) return bareClosing.test(message) ? weights.warning : weights.status;
  if (level.startsWith('WARN')) return complaint.test(message) ? weights.warning : weights.none;
  if (level !== '' && phaseId !== null && isVerdict(said, phaseId)) return weights.verdict;
  if (/\b\d+ (?:failed|errors?)\b.{0,80}\bin [\d.]+ ?s/.test(message)) return weights.code;
  if (failureKindOf(message) !== null && (level !== '' || complaint.test(message))) return weights.cause;
  if (closing.test(message) || closing.test(line)) return weights.cause;
  if (isStatusCode(message) && /[_:]/.test(message)) return weights.code;
  if (level !== '') return /: \S|\[(?:Errno|WinError)/.test(message) ? weights.cause : weights.error;
  return complaint.test(line) ? weights.complaint : weights.none;
}

/** Whether a logged error says of the phase itself that a step of it failed, and why: `[p1] Builder failed: why`. */
function isVerdict(said: string, phaseId: string): boolean {
  const head = `[${phaseId}] `;
  if (!said.startsWith(head)) return false;
  const parts = /^(.{1,80}?\b(?:failed|raised exception)\b[^:\n]{0,40}): (.{1,300})/i.exec(
    said.slice(head.length),
  );
  const [, step = '', why = ''] = parts ?? [];
  return step !== '' && !isBareStatus(why) && !/\bin (?:the )?database\b/i.test(step);
}

/**
 * The most that the lines below each line can say which loggers do not begin: they belong to the record above them, as its
 * traceback does. The last lines of an output belong to nobody: an interpreter that ends writes its traceback there.
 */
function boundsOfRecords(lines: readonly string[]): Weight[] {
  const levels = lines.map((line) => logHead.exec(line)?.[1] ?? '');
  const last = levels.findLastIndex((level) => level !== '');
  let bound: Weight = weights.verdict;
  return lines.map((line, at) => {
    const level = levels[at] ?? '';
    if (level === '') return at > last ? weights.verdict : bound;
    if (level.startsWith('WARN')) bound = weights.warning;
    else bound = asides.some((aside) => aside.test(line)) ? weights.aside : weights.verdict;
    return weights.verdict;
  });
}

/**
 * The most informative line of an output about a failure; `null` without one. `phaseId` is the phase that was
 * executed, whose own lines tell more than others; `null` where nobody knows.
 */
export function causeInOutput(
  output: string,
  source: FailureCause['source'],
  phaseId: string | null = null,
): FailureCause | null {
  const lines = outputLines(output);
  const bounds = boundsOfRecords(lines);
  let best: { at: number; weight: Weight } | null = null;
  for (let at = lines.length - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    // What was overcome is no cause, however loudly it complained.
    if (recovery.test(line) && best !== null && best.weight >= weights.code) break;
    const own = weigh(line, lines[at - 1] ?? '', phaseId);
    const bound = bounds[at] ?? own;
    const weight = own < bound ? own : bound;
    if (weight > (best?.weight ?? 0)) best = { at, weight };
  }
  return best === null ? null : { text: withDetail(lines, best.at), source, weight: best.weight };
}

/** A line, with the lines behind it where it only announces them: pydantic names fields and faults there. */
function withDetail(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? '').trim();
  if (line.endsWith(':')) {
    const listed = lines.slice(at + 1, at + 4).map((each) => /^\s{1,20}[-*•] (.{1,300})/.exec(each)?.[1]);
    const end = listed.indexOf(undefined);
    return [line, listed.slice(0, end < 0 ? listed.length : end).join('; ')].join(' ').trim();
  }
  if (!/\bvalidation errors? for \S/.test(line)) return line;
  const [field = '', fault = ''] = lines.slice(at + 1, at + 3).map((each) => each.trim());
  const what = fault.replace(/, input_value=.*$/, ']');
  return field === '' || what === '' ? line : `${line}: ${field}: ${what}`;
}

/**
 * The best explanation of a failed execution: the reason it wrote into the database, or a line of its output. A bare
 * status in the database gives way to any cause, a code word (`PATCH_FAILED`) to a line that surely is one. `null` where
 * nothing complains.
 */
export function causeOf(
  reason: string | null,
  { stdoutTail, stderrTail }: Pick<ExecutionResult, 'stdoutTail' | 'stderrTail'>,
  phaseId: string | null = null,
): FailureCause | null {
  const found = [
    reason === null ? null : causeInReason(reason),
    causeInOutput(stderrTail, 'stderr', phaseId),
    causeInOutput(stdoutTail, 'stdout', phaseId),
  ];
  return found.reduce(
    (best, each) => (each !== null && each.weight > (best?.weight ?? 0) ? each : best),
    null,
  );
}

/** What a stored failure reason says: of a traceback or a log its telling line, of anything else all of it. */
export function causeInReason(reason: string): FailureCause | null {
  const text = outputLines(reason).join('\n').trim();
  if (text === '') return null;
  if (isBareStatus(text)) return { text, source: 'database', weight: weights.status };
  if (isStatusCode(text)) return { text, source: 'database', weight: weights.complaint };
  if (text.includes('\n')) {
    const line = causeInOutput(text, 'database');
    if (line !== null && line.weight >= weights.complaint) return line;
  }
  const isAside = !text.includes('\n') && asides.some((aside) => aside.test(text));
  return { text, source: 'database', weight: isAside ? weights.aside : weights.cause };
}
