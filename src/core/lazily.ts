/**
 * Makes a value with its first use, and keeps it: for what takes long to make and often is not needed at all, as the
 * schemas are that activation would have to wait for.
 */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Loads something with its first use, and keeps it; what failed, for want of file descriptors say, is tried again with the next. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
}
