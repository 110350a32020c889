/** Skips the running test, or from a `before` hook its whole suite; every report then shows the reason. */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const { test } = context;
  const skipped = test?.type === 'hook' ? test.parent : test;
  if (skipped !== undefined) skipped.title += ` (skipped: ${reason})`;
  return context.skip();
}
