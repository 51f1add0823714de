/** Addresses of isolated pages, to know the workers and frames that they load. */
const isolated = new Set();

/**
 * Serves `*.isolated.test.ts` on a cross-origin isolated page and every other test on a plain one:
 * SharedArrayBuffer exists only in the first, and most embedding pages are the second.
 * @param {import('@web/dev-server-core').Context} context
 * @param {() => Promise<unknown>} next
 */
export async function isolate(context, next) {
  // An isolated page refuses workers and frames without the embedder policy.
  if (isolated.has(context.get('referer'))) setHeaders(context);
  await next();
  // The page's address does not name the file, but the page that the runner writes does.
  if (context.path !== '/') return;
  if (typeof context.body !== 'string' || !context.body.includes('.isolated.test.ts')) return;
  isolated.add(context.href);
  setHeaders(context);
}

/** @param {import('@web/dev-server-core').Context} context */
function setHeaders(context) {
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
}
