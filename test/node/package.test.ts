// The package as npm makes it, used by others: on a server, with TypeScript as strict as it gets, in JSX.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Manifest } from '../../build/custom-elements/schema.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
/** What an app has installed besides, of React and Vue only where it uses them. */
const BESIDE = ['lit', '@types/react', 'csstype', 'vue'];

const COMPILER_OPTIONS = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  jsx: 'react-jsx',
  lib: ['ES2024', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: [],
};

let app: string;

before(async () => {
  app = await mkdtemp(join(tmpdir(), 'cloche-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app], { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await mkdir(join(app, 'node_modules/cloche'), { recursive: true });
  await run('tar', ['-xzf', join(app, filename), '-C', join(app, 'node_modules/cloche'), '--strip-components=1']);
  for (const name of BESIDE) {
    await mkdir(dirname(join(app, 'node_modules', name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(app, 'node_modules', name));
  }
});
after(() => rm(app, { recursive: true, force: true }));

/** What the compiler says of a file in the app; empty when nothing is wrong. */
async function complaints(name: string, source: string): Promise<string> {
  await writeFile(join(app, name), source);
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: [name] }));
  const compiler = join(root, 'node_modules/.bin/tsc');
  return run(compiler, ['-p', app], { cwd: app }).then(
    ({ stdout }) => stdout,
    (failed: { stdout: string }) => failed.stdout || String(failed),
  );
}

/** The one code block of a language in the README. */
async function example(language: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1];
  assert.ok(block, `one ${language} block`);
  return block;
}

/** The custom properties of the design. */
async function tokens(): Promise<Set<string>> {
  const source = await readFile(join(root, 'src/elements/tokens.ts'), 'utf8');
  return new Set(source.match(/--cloche-[a-z-]+(?=:)/g));
}

const ELEMENTS = [
  ...['admin', 'audit', 'config', 'consent', 'databases', 'extension', 'host-calls', 'limit-bar'],
  ...['log-view', 'mark', 'palette', 'plugin', 'plugins', 'state', 'tabs', 'tasks'],
].map((name) => `cloche-${name}`);

describe('the package', () => {
  it('can be imported where there is no DOM, its elements too', async () => {
    const script = `import { createHost } from 'cloche';
      import { ClocheExtension } from 'cloche/elements';
      import { defineMessages } from 'cloche/admin';
      import { ClocheDatabases } from 'cloche/databases';
      import { ClochePalette } from 'cloche/palette';
      console.log(typeof createHost, typeof ClocheExtension, typeof defineMessages, typeof ClochePalette, typeof ClocheDatabases, typeof globalThis.HTMLElement);`;
    await writeFile(join(app, 'server.mjs'), script);
    const { stdout } = await run(process.execPath, [join(app, 'server.mjs')], { cwd: app });
    assert.equal(stdout.trim(), 'function function function function function undefined');
  });

  it('says of each element in `custom-elements.json` which attributes and events it has', async () => {
    const folder = join(app, 'node_modules/cloche');
    const { customElements } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const manifest: Manifest = JSON.parse(await readFile(join(folder, customElements), 'utf8'));
    const elements = manifest.modules.flatMap(({ path, declarations }) =>
      declarations.map((one) => ({ path, ...one })),
    );
    assert.deepEqual(elements.map(({ tagName }) => tagName).sort(), ELEMENTS);
    for (const { path, name, tagName, attributes = [], events = [], cssProperties = [] } of elements) {
      const module = await import(join(folder, path));
      assert.deepEqual(
        attributes.map((attribute) => attribute.name).sort(),
        [...module[name].observedAttributes].sort(),
        tagName,
      );
      for (const event of events) assert.match(event.type?.text ?? '', /^[A-Z]\w+Event$/, `${tagName} ${event.name}`);
      for (const token of await tokens())
        assert.ok(
          cssProperties.some((one) => one.name === token),
          `${tagName} ${token}`,
        );
    }
  });

  it('installs nothing but what it loads', async () => {
    const { dependencies = {} } = JSON.parse(await readFile(join(app, 'node_modules/cloche/package.json'), 'utf8'));
    const folder = join(app, 'node_modules/cloche/dist/package');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
    const built = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
    for (const name of Object.keys(dependencies)) assert.match(built, new RegExp(`from\\s*["']${name}["'/]`));
  });

  it('has a command that signs packages, and says so', async () => {
    const { bin } = JSON.parse(await readFile(join(app, 'node_modules/cloche/package.json'), 'utf8'));
    const command = join(app, 'node_modules/cloche', bin.cloche);
    const key = join(app, 'key.pem');
    const { stdout: publicKey } = await run(process.execPath, [command, 'keygen', key]);
    await writeFile(join(app, 'demo.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await run(process.execPath, [command, 'sign', join(app, 'demo.wasm'), '--key', key]);
    const check = [command, 'verify', join(app, 'demo.wasm'), '--key', publicKey.trim()];
    assert.match((await run(process.execPath, check)).stdout, /^signed /);
  });

  it('compiles the module of the README', async () => {
    assert.equal(await complaints('module.ts', await example('js')), '');
  });

  it('compiles the Windshift example of the README', async () => {
    const source = `declare const session: { token: string };\n${await example('ts')}`;
    assert.equal(await complaints('windshift.ts', source), '');
  });

  it('lets the caller say what a plugin answers in JSON', async () => {
    const source = `import type { Output } from 'cloche';
      export const count = (output: Output): number => output.json<{ count: number }>().count;
      // @ts-expect-error: nothing is known of it otherwise
      export const total = (output: Output): number => output.json().total;`;
    assert.equal(await complaints('output.ts', source), '');
  });

  it('types the global of the script tag', async () => {
    const source = `/// <reference types="cloche/global" />
      export const host = await Cloche.createHost({ live: 2 });
      // @ts-expect-error: no such option
      await Cloche.createHost({ alive: 2 });`;
    assert.equal(await complaints('global.ts', source), '');
  });

  for (const [framework, name] of [
    ['React', 'react.tsx'],
    ['Vue', 'vue.ts'],
  ] as const) {
    it(`types its elements for ${framework}`, async () => {
      const source = await readFile(join(root, 'test/types/published', name), 'utf8');
      assert.equal(await complaints(name, source), '');
    });
  }
});
