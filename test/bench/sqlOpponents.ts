import { DatabaseSync } from 'node:sqlite';

/** What SQL answers, in a process of its own: averages and medians of each kind of phase, or less. Says how many rows came out. */
export const sqlOpponents = {
  /** Averages and medians by SQL alone: one window to rank by, which is what takes long. */
  'node:sqlite, all in SQL': (path) => open(path).prepare(windowed).all().length,
  /** Rows as they lie, into typed arrays that JavaScript sorts. */
  'node:sqlite, rows into columns': (path) => {
    const groups = new Groups();
    const rows = open(path).prepare(
      `SELECT category || ' ' || complexity, predicted_output_tokens, actual_output_tokens, truncated FROM ${table} NOT INDEXED`,
    );
    rows.setReturnArrays(true);
    for (const row of rows.iterate()) {
      const [key, predicted, actual, truncated] = row as unknown as [string, number, number, number];
      groups.add(key, predicted, actual, truncated);
    }
    return groups.figures().length;
  },
  /** The same with all numbers of a row in one, for each value that leaves SQLite costs. */
  'node:sqlite, rows into columns, packed': (path) => {
    const groups = new Groups();
    const rows = open(path).prepare(
      `SELECT category || ' ' || complexity,
        (predicted_output_tokens * ${packing} + actual_output_tokens) * 2 + truncated FROM ${table} NOT INDEXED`,
    );
    rows.setReturnArrays(true);
    for (const row of rows.iterate()) {
      const [key, packed] = row as unknown as [string, number];
      const both = Math.floor(packed / 2);
      groups.add(key, Math.floor(both / packing), both % packing, packed % 2);
    }
    return groups.figures().length;
  },
  /** One row for each group, with its averages and all of its numbers as text. */
  'node:sqlite, grouped in SQL, medians outside': (path) => {
    const rows = open(path).prepare(
      `SELECT avg(CAST(predicted_output_tokens AS REAL) / actual_output_tokens), avg(${smape}), avg(truncated),
        avg(actual_output_tokens > predicted_output_tokens),
        group_concat(CAST(predicted_output_tokens AS REAL) / actual_output_tokens, ' ')
      FROM ${table} GROUP BY category, complexity`,
    );
    rows.setReturnArrays(true);
    const medians = rows.all().map((row) => {
      const [, , , , values] = row as unknown as [number, number, number, number, string];
      return median(Float64Array.from(values.split(' '), Number));
    });
    return medians.length;
  },
  /** The floor: two columns of each row, added up. No figure of ours can be had from it. */
  'node:sqlite, two columns added up': (path) =>
    open(path).prepare(`SELECT sum(predicted_output_tokens), sum(actual_output_tokens) FROM ${table}`).all()
      .length,
} as const satisfies Record<string, (path: string) => number>;

export type SqlOpponent = keyof typeof sqlOpponents;

const table = 'token_estimation_v2_events';
const packing = 2 ** 26;
const smape = `200.0 * abs(predicted_output_tokens - actual_output_tokens) / (predicted_output_tokens + actual_output_tokens)`;
const windowed = `
  WITH sample AS (
    SELECT category, complexity,
      CAST(predicted_output_tokens AS REAL) / actual_output_tokens AS waste, ${smape} AS smape,
      truncated, actual_output_tokens > predicted_output_tokens AS under
    FROM ${table}),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY category, complexity ORDER BY waste) AS place,
      count(*) OVER (PARTITION BY category, complexity) AS n
    FROM sample)
  SELECT category, complexity, n, avg(waste), avg(smape), avg(truncated), avg(under),
    avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN waste END) AS median
  FROM ranked GROUP BY category, complexity`;

function open(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true });
}

/** Sums and ratios by kind of phase. */
class Groups {
  readonly #byKey = new Map<string, { count: number; ratios: Float64Array; sums: Float64Array }>();

  add(key: string, predicted: number, actual: number, truncated: number): void {
    let group = this.#byKey.get(key);
    if (group === undefined) {
      group = { count: 0, ratios: new Float64Array(1024), sums: new Float64Array(4) };
      this.#byKey.set(key, group);
    }
    if (group.count === group.ratios.length) {
      const larger = new Float64Array(2 * group.count);
      larger.set(group.ratios);
      group.ratios = larger;
    }
    const { sums } = group;
    const ratio = predicted / actual;
    group.ratios[group.count] = ratio;
    group.count += 1;
    sums[0] = (sums[0] ?? 0) + ratio;
    sums[1] = (sums[1] ?? 0) + (200 * Math.abs(predicted - actual)) / (predicted + actual);
    sums[2] = (sums[2] ?? 0) + truncated;
    sums[3] = (sums[3] ?? 0) + (actual > predicted ? 1 : 0);
  }

  figures(): readonly (readonly number[])[] {
    return Array.from(this.#byKey.values(), ({ count, ratios, sums }) => [
      ...Array.from(sums, (sum) => sum / count),
      median(ratios.subarray(0, count)),
    ]);
  }
}

function median(values: Float64Array): number {
  const sorted = values.sort();
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}
