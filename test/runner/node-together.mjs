// Runs files of tests in this process, one after another, each as a suite by the name of its file. What a file leaves behind,
// the next would meet, so it fails.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { after, describe } from 'node:test';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) {
  const before = surroundings();
  await describe(file, async () => {
    await import(pathToFileURL(resolve(file)).href);
    after(() => assert.deepEqual(leftBehind(before), [], 'it is left behind, see ALONE in test/runner/node-tests.mjs'));
  });
}

/** What the files of a process share: what is there by name, and what is open. */
function surroundings() {
  const globals = Object.getOwnPropertyNames(globalThis).map(
    (name) => /** @type {const} */ ([`globalThis.${name}`, Reflect.get(globalThis, name)]),
  );
  const environment = Object.entries(process.env).map(([name, value]) => /** @type {const} */ ([`$${name}`, value]));
  /** @type {Map<string, unknown>} */
  const named = new Map([
    ...globals,
    ...environment,
    ['Date.now', Date.now],
    ['performance.now', performance.now],
    ['console.log', console.log],
    ['the working directory', process.cwd()],
  ]);
  // Servers, programs, workers and watchers stay until they are ended; the timeout of all deadlines, or a port, goes by itself.
  const open = process
    .getActiveResourcesInfo()
    .filter((name) => /Server|Process|Worker|FSEvent|StatWatcher/.test(name));
  return { named, open };
}

/** @param {ReturnType<typeof surroundings>} before */
function leftBehind(before) {
  const now = surroundings();
  const names = new Set([...before.named.keys(), ...now.named.keys()]);
  const changed = [...names].filter((name) => !Object.is(before.named.get(name), now.named.get(name)));
  return now.open.length > before.open.length ? [...changed, ...now.open] : changed;
}
