// @ts-check

/** A request that is turned down before anything is changed: exit code 2. */
export class Refusal extends Error {}
