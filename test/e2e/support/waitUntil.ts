import { setTimeout as delay } from 'node:timers/promises';

/** Reads a value again and again until the check holds and returns it; after 15 s says what it last saw. */
export async function waitUntil<T>(
  what: string,
  read: () => Promise<T>,
  check: (value: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (check(value)) return value;
    if (performance.now() > deadline)
      throw new Error(`Waited in vain: ${what}. Last seen: ${JSON.stringify(value)}`);
    await delay(50);
  }
}
