const nobody = 65534;

/** Runs `action` without the privileges of root, whom no permission stops; as it is for any other user. */
export async function asOrdinaryUser<T>(action: () => Promise<T>): Promise<T> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return action();
  seteuid(nobody);
  try {
    return await action();
  } finally {
    seteuid(0);
  }
}
