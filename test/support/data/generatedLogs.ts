import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a line says; for a line of the first format, only the figures. `null` stands for Python's None. */
export interface WrittenSample {
  readonly format: 'v1' | 'v2' | 'fallback';
  readonly predicted: number;
  /** Output tokens; in the fallback format total tokens. */
  readonly actual: number;
  readonly success: boolean | null;
  /** Milliseconds since the epoch, or `null` for a line without a prefix. */
  readonly timestamp: number | null;
  readonly category: string | null;
  readonly complexity: string | null;
  readonly deliverables: number | null;
  readonly model: string | null;
}

/** A log as it is written, and what a reader must find in it. */
export interface GeneratedLog {
  readonly text: string;
  readonly samples: readonly WrittenSample[];
  /** Lines that begin as a sample and are cut off. */
  readonly damaged: number;
}

type Prefix = 'logger' | 'brackets' | 'none';

/** Writes lines with the time going on from one to the next, and keeps what it wrote. */
class LogScript {
  readonly samples: WrittenSample[] = [];
  damaged = 0;
  private readonly lines: string[] = [];
  private time: number;
  private readonly prefix: Prefix;

  constructor(start: number, prefix: Prefix) {
    this.time = start;
    this.prefix = prefix;
  }

  /** What an executor tells around a call: prose that names the marker, long lines, rules, tokens of other kinds. */
  noise(phase: string): this {
    this.raw('='.repeat(70));
    this.raw('faiss library not installed; in-memory store is used');
    this.say(`[TokenEstimator] Budget selection: base=8192, estimated=448, with_buffer=537`);
    this.say(`[TOKEN_BUDGET] phase=${phase} complexity=low input=851 output=128/16384 total=979`);
    this.say('HTTP Request: POST https://api.example.com/v1/messages "HTTP/1.1 200 OK"');
    this.say(`[${phase}] Applied ${'a very long list of files, '.repeat(14)}and no more – «done»`);
    return this;
  }

  first(predicted: number, actual: number): this {
    const error = (100 * Math.abs(predicted - actual)) / predicted;
    const said = this.say(
      `[TokenEstimation] Predicted: ${predicted} output tokens, Actual: ${actual} output tokens, Error: ${error.toFixed(1)}%`,
    );
    const untold = { success: null, category: null, complexity: null, deliverables: null, model: null };
    this.samples.push({ format: 'v1', predicted, actual, timestamp: said, ...untold });
    return this;
  }

  /** `kind` is category, complexity and deliverables. */
  second(predicted: number, actual: number, kind: string, success: boolean | null = true): this {
    const smape = (200 * Math.abs(predicted - actual)) / (predicted + actual);
    return this.sample(
      { format: 'v2', predicted, actual, success, ...partsOf(kind) },
      `actual_output=${actual} smape=${smape.toFixed(1)}% selected_budget=8192`,
      'stop_reason=end_turn truncated=False ',
    );
  }

  /** The writer's second choice, where a response does not tell its output tokens. */
  fallback(predicted: number, total: number, kind: string): this {
    return this.sample(
      { format: 'fallback', predicted, actual: total, success: true, ...partsOf(kind) },
      `actual_total=${total} selected_budget=None`,
      '',
    );
  }

  /** A line that a killed process left unfinished. */
  cutOff(predicted: number): this {
    this.say(`[TokenEstimationV2] predicted_output=${predicted} actual_output=12`);
    this.damaged += 1;
    return this;
  }

  end(lineEnd = '\n'): GeneratedLog {
    this.say('Done: [TokenEstimation] telemetry was written');
    const { samples, damaged } = this;
    return { text: this.lines.join(lineEnd) + lineEnd, samples, damaged };
  }

  private sample(written: Omit<WrittenSample, 'timestamp' | 'model'>, figures: string, ending: string): this {
    const { predicted, category, complexity, deliverables, success } = written;
    const model = 'example-model-4-5';
    const timestamp = this.say(
      `[TokenEstimationV2] predicted_output=${predicted} ${figures} category=${category} complexity=${complexity} ` +
        `deliverables=${deliverables} success=${python(success)} ${ending}model=${model}`,
    );
    this.samples.push({ ...written, timestamp, model });
    return this;
  }

  /** Returns the time that the line tells: ms since the epoch. */
  private say(text: string): number | null {
    this.time += 7350;
    const [day = '', clock = ''] = new Date(this.time).toISOString().slice(0, -1).split('T');
    const [seconds = '', fraction = ''] = clock.split('.');
    if (this.prefix === 'none') {
      this.raw(text);
      return null;
    }
    if (this.prefix === 'brackets') {
      this.raw(`[${day} ${seconds}] INFO: ${text}`);
      return this.time - (this.time % 1000);
    }
    this.raw(`${day} ${seconds},${fraction} - autopack.clients - INFO - ${text}`);
    return this.time;
  }

  private raw(line: string): void {
    this.lines.push(line);
  }
}

function partsOf(kind: string): Pick<WrittenSample, 'category' | 'complexity' | 'deliverables'> {
  const [category = '', complexity = '', deliverables] = kind.split(' ');
  return { category, complexity, deliverables: Number(deliverables) };
}

function python(value: boolean | null): string {
  return value === null ? 'None' : value ? 'True' : 'False';
}

const drain = new LogScript(Date.UTC(2026, 0, 12, 9), 'brackets')
  .noise('one')
  .second(5200, 1190, 'implementation low 1')
  .noise('two')
  .second(6500, 2040, 'implementation medium 1')
  .second(6500, 2040, 'implementation medium 1')
  .noise('three')
  .second(7020, 4500, 'tests medium 2')
  .second(4420, 6480, 'tests medium 1')
  .cutOff(4420)
  .second(2600, 5160, 'documentation low 1')
  .fallback(2600, 21_500, 'docs low 1')
  .second(3900, 3100, 'IMPLEMENT_FEATURE low 6')
  .end();

/** Logs of every format, by file name. The last is a second capture of the run before it, made by another tool. */
export const generatedLogs: Readonly<Record<string, GeneratedLog>> = {
  'first-format.log': new LogScript(Date.UTC(2025, 10, 3, 14), 'logger')
    .noise('one')
    .first(300, 120)
    .noise('two')
    .first(800, 131)
    .first(1500, 1740)
    .noise('three')
    .first(2000, 129)
    .end(),
  'second-format.log': new LogScript(Date.UTC(2025, 10, 5, 18), 'logger')
    .noise('one')
    .second(448, 124, 'implementation low 1', false)
    .second(448, 129, 'implementation medium 1', false)
    .noise('two')
    .second(822, 129, 'implementation medium 2', false)
    .second(1450, 610, 'tests low 1', null)
    .end(),
  'execution.log': new LogScript(Date.UTC(2025, 10, 8, 23), 'none')
    .noise('one')
    .second(822, 6740, 'implementation high 2')
    .noise('two')
    .second(822, 8450, 'implementation medium 2')
    .second(1900, 2110, 'backend medium 3')
    .end('\r\n'),
  'drain.log': drain,
  'drain-captured-again.txt': { ...drain, text: `Captured by a second tool\n${drain.text}` },
};

/** Writes all of them into the folder. */
export function writeGeneratedLogs(folder: string): void {
  for (const [name, { text }] of Object.entries(generatedLogs)) writeFileSync(join(folder, name), text);
}
