// npm run bench -- postgres [M|L] [--version 15] [--keep]: lists and analysis of a PostgreSQL database against the same by its server.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from 'pg';
import { loadIntoPostgres } from '../support/postgres/loadDatabase.ts';
import { PostgresServer } from '../support/postgres/postgresServer.ts';
import { generateDatabase, sizes } from './generateDatabase.ts';
import { median, type Measurement } from './measurement.ts';
import type { PostgresTask } from './measurePostgres.ts';

const { values, positionals } = parseArgs({
  options: { keep: { type: 'boolean' }, version: { type: 'string' } },
  allowPositionals: true,
});
const size = positionals[0] === 'M' ? sizes.M : sizes.L;
const folder = join(import.meta.dirname, '../../.vscode-test/bench');
const path = join(folder, `${size.name}.db`);
const repetitions = 5;

/** What the run list needs, and averages and medians of each kind of phase. */
const runList = [
  `SELECT id, state, created_at, updated_at, started_at, completed_at, token_cap, tokens_used, failure_reason, goal_anchor
   FROM runs ORDER BY created_at DESC`,
  'SELECT run_id, state, count(*) FROM phases GROUP BY run_id, state',
];
const grouped = [
  `SELECT category, complexity, count(*), avg(waste), avg(smape), avg(truncated::int), avg(under::int),
     percentile_cont(0.5) WITHIN GROUP (ORDER BY waste)
   FROM (SELECT category, complexity, predicted_output_tokens::float / actual_output_tokens AS waste,
     200.0::float * abs(predicted_output_tokens - actual_output_tokens) / (predicted_output_tokens + actual_output_tokens) AS smape,
     truncated, actual_output_tokens > predicted_output_tokens AS under FROM token_estimation_v2_events) AS sample
   GROUP BY category, complexity`,
];

mkdirSync(folder, { recursive: true });
if (!existsSync(path)) {
  console.error(`Generating ${size.name}...`);
  generateDatabase(path, size);
}
const server = await PostgresServer.start({
  version: values.version === '15' ? 15 : 'newest',
  settings: { shared_buffers: '512MB', max_wal_size: '8GB' },
});
console.error(`Loading it into PostgreSQL ${server.version}...`);
const name = await loadIntoPostgres(server, 'bench', path);
if (values.keep !== true) rmSync(path);
await server.query(name, 'VACUUM (ANALYZE)');
await server.query('postgres', 'CHECKPOINT');
await report(server.url(name, 'superuser'));
await server.stop();

async function report(url: string): Promise<void> {
  const first = Array.from({ length: repetitions }, () => measure('first', url));
  const lists = measure('lists', url);
  const analysis = measure('analysis', url);
  const ofServer = await server.withClient(name, async (client) => ({
    list: await times(client, runList),
    analysis: await times(client, grouped),
  }));
  const [listByPsql, groupedByPsql] = [byPsql(url, runList), byPsql(url, grouped)];
  console.log(
    `Node ${process.version}, PostgreSQL ${server.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${size.name}\n`,
  );
  console.log('| | median ms | peak MiB above idle |\n| --- | ---: | ---: |');
  const [load, ...later] = first.map(({ ms }) => ms[0] ?? NaN);
  row('first list ever', load ?? NaN, peakOf(first[0] ?? lists));
  row('first list of a new process', median(later), Math.max(...first.slice(1).map(peakOf)));
  row('list the runs after a commit of one row', median(lists.ms), peakOf(lists));
  row('the same two statements by the server', ofServer.list);
  row('the same by psql, with its start', listByPsql);
  row('analysis with evidence after a commit of one row', median(analysis.ms), peakOf(analysis));
  row('averages and medians of each kind by the server', ofServer.analysis);
  row('the same by psql, with its start', groupedByPsql);
  console.log(`\nList / server: ${(median(lists.ms) / ofServer.list).toFixed(2)}`);
  console.log(`Analysis / server: ${(median(analysis.ms) / ofServer.analysis).toFixed(2)}`);
}

function row(what: string, ms: number | null, peakMib?: number): void {
  const told = ms === null ? 'psql is not installed' : ms.toFixed(ms < 100 ? 1 : 0);
  console.log(`| ${what} | ${told} | ${peakMib === undefined ? '' : peakMib.toFixed(0)} |`);
}

function peakOf({ peakMib }: Measurement): number {
  return peakMib;
}

/** The median of some rounds, the first not counted, over an open connection. */
async function times(client: Client, statements: readonly string[]): Promise<number> {
  const ms: number[] = [];
  for (let round = 0; round <= repetitions; round++) {
    const start = performance.now();
    for (const statement of statements) await client.query({ text: statement, rowMode: 'array' });
    if (round > 0) ms.push(performance.now() - start);
  }
  return median(ms);
}

/** `null` where psql is not installed. */
function byPsql(url: string, statements: readonly string[]): number | null {
  const ms: number[] = [];
  for (let round = 0; round <= repetitions; round++) {
    const start = performance.now();
    const commands = statements.flatMap((statement) => ['-c', statement]);
    const { status } = spawnSync('psql', [url, '-X', '-q', '-A', '-t', '-o', '/dev/null', ...commands]);
    if (status !== 0) return null;
    if (round > 0) ms.push(performance.now() - start);
  }
  return median(ms);
}

function measure(task: PostgresTask, url: string): Measurement {
  const script = join(import.meta.dirname, 'measurePostgres.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, task, url], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task}: ${stderr}`);
  return JSON.parse(stdout) as Measurement;
}
