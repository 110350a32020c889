/** An executor that does what none should, and what a drain of one phase with it must come to. */
export interface HellishExecutor {
  readonly name: string;
  /** For {@link phaseScript}; it has `note(pid)` for processes that must be gone afterwards, and `spawn`. */
  readonly body: string;
  /** The lines of the summary that tell of it, ids shortened to `run` and `p1` to `p10`. */
  readonly told: readonly string[];
  /** What is in the database afterwards of the phase that was asked for; `null` where the database is gone. */
  readonly state: 'FAILED' | 'QUEUED' | 'COMPLETE' | null;
  readonly phaseTimeoutSeconds?: number;
  /** The drain stops before it has done all it was asked to. */
  readonly resumable?: boolean;
}

/** How much each of them does. */
export interface HellishMeasures {
  readonly floodMib: number;
  readonly lockSeconds: number;
}

/** Before each body. */
export const hellishPrelude = `
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
const file = process.env.DATABASE_URL.replace('sqlite:///', '');
const here = (name) => join(dirname(process.argv[1]), name);
const note = (pid) => appendFileSync(here('pids'), pid + '\\n');
const lasts = 'setInterval(() => {}, 1000)';
const deaf = "process.on('SIGTERM', () => {}); ";
const child = (script, options) => spawn(process.execPath, ['-e', script], { stdio: 'ignore', ...options });
const locks = (seconds) => "const db = new (require('node:sqlite').DatabaseSync)(" + JSON.stringify(file) + ", { timeout: 5000 });"
  + "db.exec('BEGIN EXCLUSIVE'); require('node:fs').writeFileSync(" + JSON.stringify(here('locked')) + ", '');"
  + "setTimeout(() => db.exec('ROLLBACK'), " + seconds * 1000 + ")";
const untilLocked = async () => { while (!existsSync(here('locked'))) await new Promise((resolve) => setTimeout(resolve, 20)); };
note(process.pid);
`;

const done = 'Stopped: The batch of 1 is done.';
const oneFailed = 'Drained 1 phase: 0 succeeded, 1 failed, 0 timed out; 0 telemetry events, 0 output tokens.';
const timedOut = [
  'Drained 1 phase: 0 succeeded, 1 failed, 1 timed out; 0 telemetry events, 0 output tokens.',
  done,
  'run p1: FAILED, Timed out after 1 s.',
  '  no telemetry (timeout): No end after 1 s. Read the log for what it waited for, or allow more time per phase.',
  '  note: p1 was left EXECUTING and is set FAILED.',
  'Next: Read the log for what it waited for, or allow more time per phase.',
];
const hangs = { told: timedOut, state: 'FAILED', phaseTimeoutSeconds: 1 } as const;
const lockedOut = (what: string): readonly string[] => [
  oneFailed,
  done,
  `run p1: FAILED, ${what}`,
  '  no telemetry (failed_before_llm): Fix the error that occurs before the model call.',
  '  note: p1 was left EXECUTING and is set FAILED.',
  'Next: Fix the error that occurs before the model call.',
];

/** The worst there are. */
export function hellishExecutors({ floodMib, lockSeconds }: HellishMeasures): readonly HellishExecutor[] {
  return [
    { name: 'hangs', body: `setState('EXECUTING'); setInterval(() => {}, 1000);`, ...hangs },
    {
      name: 'ignores SIGTERM',
      body: `process.on('SIGTERM', () => {}); setState('EXECUTING'); setInterval(() => {}, 1000);`,
      ...hangs,
    },
    {
      name: 'hangs with grandchildren, one deaf, one deaf in a session of its own',
      body: `setState('EXECUTING');
        for (const options of [{}, { detached: true }]) note(child(deaf + lasts, options).pid);
        setInterval(() => {}, 1000);`,
      ...hangs,
    },
    {
      name: 'ends well and leaves a grandchild behind',
      body: `setState('EXECUTING'); const left = child(deaf + lasts); note(left.pid); left.unref();
        addEvent(); setState('COMPLETE'); process.exit(0);`,
      told: [
        'Drained 1 phase: 1 succeeded, 0 failed, 0 timed out; 1 telemetry event, 80 output tokens.',
        done,
        'Next: Check the identity, then analyze the telemetry.',
      ],
      state: 'COMPLETE',
    },
    {
      name: 'dies of a signal',
      body: `setState('EXECUTING'); process.kill(process.pid, 'SIGKILL');`,
      told: [
        oneFailed,
        done,
        'run p1: FAILED, Ended by a signal, no output that says why.',
        '  no telemetry (failed_before_llm): Fix the error that occurs before the model call.',
        '  note: p1 was left EXECUTING and is set FAILED.',
        'Next: Fix the error that occurs before the model call.',
      ],
      state: 'FAILED',
    },
    {
      name: `floods ${floodMib} MB of output`,
      body: `setState('EXECUTING');
        const line = Buffer.alloc(1 << 20, 'x'); line[line.length - 1] = 10;
        for (let i = 0; i < ${floodMib}; i += 1) writeSync(1 + (i % 2), line);
        writeSync(2, 'fatal: the disk of the model is full\\n'); process.exit(1);`,
      told: lockedOut('fatal: the disk of the model is full'),
      state: 'FAILED',
    },
    {
      name: 'writes what is not UTF-8',
      body: `writeSync(2, Buffer.from('error: caf\\xe9 \\xff\\xfe is closed\\n', 'latin1')); process.exit(1);`,
      told: [
        oneFailed,
        'Stopped: A phase failed for a cause outside it: error: caf\ufffd \ufffd\ufffd is closed',
        'run p1: QUEUED, error: caf\ufffd \ufffd\ufffd is closed',
        '  no telemetry (failed_before_llm): Exit code 1, and nothing changed in the database. The executor crashed before it began the phase, which is as it was: read its log, and check what names a database.',
        'Next: The executor crashed before it began the phase, which is as it was: read its log, and check what names a database. Then resume the session: one phase shows whether it helped.',
      ],
      state: 'QUEUED',
      resumable: true,
    },
    {
      name: 'exits 0 without doing anything',
      body: '',
      told: [
        oneFailed,
        'Stopped: The executor ended p1 with exit code 0, but nothing changed in <folder>/seed.db: it works on another database, or on none.',
        'run p1: QUEUED, Exit code 0, no output that says why.',
        '  no telemetry (unknown): Exit code 0, and the phase is as it was. Check that the executor works on this database and run.',
        'Next: Find out what leads the executor to another database (doctor lists everything that names one), then resume the session.',
      ],
      state: 'QUEUED',
      resumable: true,
    },
    {
      name: 'changes another phase',
      body: `setState('COMPLETE', 'telemetry-p2-number-util');`,
      told: [
        'Drained 1 phase: 1 succeeded, 0 failed, 0 timed out; 0 telemetry events, 0 output tokens.',
        done,
        'run p2: COMPLETE',
        '  no telemetry (success_no_llm_calls): COMPLETE without a row in llm_usage_events. Nothing to fix: the phase needed no model call.',
        '  note: The executor ran p2 instead of p1.',
        'Next: Nothing to fix: the phase needed no model call.',
      ],
      state: 'QUEUED',
    },
    {
      name: 'deletes the database',
      body: `db.close(); for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });`,
      told: [
        oneFailed,
        'Stopped: <folder>/seed.db was deleted or moved away while it was drained.',
        'run p1: UNKNOWN, <folder>/seed.db was deleted or moved away while it was drained.',
        '  no telemetry (unknown): Look at the database and the logs, then drain again.',
        'Next: Bring the database back, or restore a backup, before you go on.',
      ],
      state: null,
    },
    ...(['wal', 'delete'] as const).flatMap((mode) => [
      {
        name: `holds the lock of the database until it is ended (${mode})`,
        body: `setState('EXECUTING'); db.exec('PRAGMA journal_mode = ${mode}'); db.exec('BEGIN EXCLUSIVE'); setInterval(() => {}, 1000);`,
        ...hangs,
      },
      {
        name: `leaves a program that holds the lock of the database for ${lockSeconds} s (${mode})`,
        body: `setState('EXECUTING'); db.exec('PRAGMA journal_mode = ${mode}'); db.close();
          child(locks(${lockSeconds}), { detached: true }).unref(); await untilLocked();
          console.error('error: out of patience'); process.exit(1);`,
        told: lockedOut('error: out of patience').flatMap((line) =>
          line.includes('is set FAILED') ? [line, '  note: Ended what it left running'] : [line],
        ),
        state: 'FAILED' as const,
      },
    ]),
  ];
}
