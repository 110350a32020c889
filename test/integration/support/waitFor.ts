import assert from 'node:assert/strict';

/** Waits until the condition is met, and fails with it after 15 s. */
export async function waitFor(met: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 15_000; !met() && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(met(), met.toString());
}
