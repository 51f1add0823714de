// `Promise.withResolvers`, which every supported browser has and Node 20 lacks, for tests that run sources which call it.

Promise.withResolvers ??= function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>['resolve'] | undefined;
  let reject: PromiseWithResolvers<T>['reject'] | undefined;
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  if (!resolve || !reject) throw new Error('Expected a promise to hand out what settles it');
  return { promise, resolve, reject };
};
