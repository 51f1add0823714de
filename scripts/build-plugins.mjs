// Builds the example plugins: every plugins/*/build.mjs, whose default export does the work.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(import.meta.dirname, '../plugins');

/** Builds them one after another, and returns how many there were. */
export async function buildPlugins() {
  const scripts = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name, 'build.mjs'))
        .filter((path) => existsSync(path))
    : [];
  for (const script of scripts) {
    const { default: build } = await import(pathToFileURL(script).href);
    await build();
  }
  return scripts.length;
}

if (process.argv[1] === import.meta.filename) {
  console.log(`Built ${await buildPlugins()} example plugins`);
}
