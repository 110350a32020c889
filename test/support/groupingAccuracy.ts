/** A text and the name of its true group. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** How well texts were grouped, and a line for each true group that was not met. */
export interface GroupingAccuracy {
  /** The share of texts whose predicted group holds exactly the texts of their true group, 0 to 1. */
  readonly accuracy: number;
  readonly wrong: readonly string[];
}

/** Grouping accuracy as the log-parsing literature defines it (Zhu et al., "Tools and Benchmarks for Automated Log Parsing", 2019). */
export function groupingAccuracy(
  texts: readonly LabelledText[],
  groupOf: (text: string) => string,
): GroupingAccuracy {
  const truth = new Map<string, number>();
  const pairs = new Map<string, Map<string, number>>();
  const predicted = new Map<string, number>();
  for (const { text, label } of texts) {
    const group = groupOf(text);
    truth.set(label, (truth.get(label) ?? 0) + 1);
    predicted.set(group, (predicted.get(group) ?? 0) + 1);
    const groups = pairs.get(label) ?? new Map<string, number>();
    groups.set(group, (groups.get(group) ?? 0) + 1);
    pairs.set(label, groups);
  }
  let right = 0;
  const wrong: string[] = [];
  for (const [label, groups] of pairs) {
    const count = truth.get(label) ?? 0;
    const [only = ''] = groups.keys();
    if (groups.size === 1 && predicted.get(only) === count) right += count;
    else
      wrong.push(`${label} (${count}) is ${[...groups].map(([group, n]) => `${n} x ${group}`).join(' | ')}`);
  }
  return { accuracy: texts.length === 0 ? 1 : right / texts.length, wrong };
}
