import type { ServerChanges } from './serverChanges.ts';

/** Tables in an order in which each comes after those that it refers to, as far as they do not refer to one another. */
export function parentsFirst(changes: readonly ServerChanges[]): ServerChanges[] {
  const byOid = new Map(changes.map((each) => [each.table.oid, each]));
  const done = new Set<ServerChanges>();
  const visiting = new Set<ServerChanges>();
  const visit = (each: ServerChanges): void => {
    if (done.has(each) || visiting.has(each)) return;
    visiting.add(each);
    for (const { child, parent } of each.table.keys) {
      const before = byOid.get(parent);
      if (child === each.table.oid && before !== undefined && before !== each) visit(before);
    }
    done.add(each);
  };
  for (const each of changes) visit(each);
  return [...done];
}
