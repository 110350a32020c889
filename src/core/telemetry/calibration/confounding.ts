import type { CalibrationEvidence } from './calibrationEvidence.ts';

/** Fewer phases of a model in a kind tell nothing about the difference between them. */
const leastPhases = 3;

/** Models that no kind of phase has in common with the others: their effect cannot be told from that of their kinds. */
export interface ModelBlock {
  readonly models: readonly string[];
  /** Indices into the groups. */
  readonly groups: readonly number[];
}

/**
 * The blocks that models and kinds of phases fall into, linked where a model was used for a kind. In one block every model
 * can be held against every other over the kinds they share; of several blocks, the difference between models is the
 * difference between kinds. Only kinds that may move count, and models that have enough phases in one.
 */
export function modelBlocks(
  { samples, clean }: CalibrationEvidence,
  movable: ReadonlySet<number>,
): readonly ModelBlock[] {
  const cells = new Map<
    string,
    { readonly model: number; readonly group: number; readonly phases: Set<number> }
  >();
  for (const [row, group] of clean.group.entries()) {
    if (!movable.has(group)) continue;
    const model = samples.model[clean.at[row] ?? 0] ?? 0;
    const key = `${model} ${group}`;
    let cell = cells.get(key);
    if (cell === undefined) cells.set(key, (cell = { model, group, phases: new Set() }));
    cell.phases.add(clean.phase[row] ?? 0);
  }
  const blocks: { readonly models: Set<number>; readonly groups: Set<number> }[] = [];
  for (const { model, group, phases } of cells.values()) {
    if (phases.size < leastPhases) continue;
    const joined = { models: new Set([model]), groups: new Set([group]) };
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index];
      if (block === undefined || !(block.models.has(model) || block.groups.has(group))) continue;
      for (const one of block.models) joined.models.add(one);
      for (const one of block.groups) joined.groups.add(one);
      blocks.splice(index, 1);
    }
    blocks.push(joined);
  }
  return blocks
    .map(({ models, groups }) => ({
      models: [...models].map((model) => samples.models[model] ?? 'unknown').sort(),
      groups: [...groups].sort((a, b) => a - b),
    }))
    .sort((a, b) => (a.groups[0] ?? 0) - (b.groups[0] ?? 0));
}
