// The package as npm makes it, used by others: on a server, with TypeScript as strict as it gets, in JSX.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
/** What an app has installed besides; React's types only where it uses React. */
const BESIDE = ['lit', '@types/react', 'csstype'];

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

describe('the package', () => {
  it('can be imported where there is no DOM, its elements too', async () => {
    const script = `import { createHost } from 'cloche';
      import { ClocheExtension } from 'cloche/elements';
      import { defineMessages } from 'cloche/admin';
      console.log(typeof createHost, typeof ClocheExtension, typeof defineMessages, typeof globalThis.HTMLElement);`;
    await writeFile(join(app, 'server.mjs'), script);
    const { stdout } = await run(process.execPath, [join(app, 'server.mjs')], { cwd: app });
    assert.equal(stdout.trim(), 'function function function undefined');
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

  it('types its elements in JSX', async () => {
    const source = `import type {} from 'cloche/react';
      import type { Host } from 'cloche';
      export const Tabs = ({ host }: { host: Host }) => <cloche-extension point="admin.tab" host={host} className="tabs" />;
      // @ts-expect-error: a point is a text
      export const Wrong = () => <cloche-extension point={7} />;`;
    assert.equal(await complaints('tabs.tsx', source), '');
  });
});
