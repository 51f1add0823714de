// What the types of the public API promise, held by the compiler: nothing here runs. A promise that is broken, and a
// `@ts-expect-error` that nothing answers, fail `npm run lint`.

/** Whether two types are the same, and not only assignable. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
export type Expect<T extends true> = T;
