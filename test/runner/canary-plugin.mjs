import { startCanary } from './canary.mjs';

/**
 * Starts the canary with the runner and tells tests where it is.
 * @param {string} root
 * @returns {import('@web/test-runner').TestRunnerPlugin}
 */
export function createCanaryPlugin(root) {
  /** @type {Awaited<ReturnType<typeof startCanary>> | undefined} */
  let canary;
  return {
    name: 'cloche:canary',
    async serverStart() {
      canary = await startCanary(root);
    },
    serve(context) {
      if (context.path !== '/__canary.json') return undefined;
      return { body: JSON.stringify({ origin: canary?.origin }), type: 'json' };
    },
    async serverStop() {
      await canary?.stop();
    },
  };
}
