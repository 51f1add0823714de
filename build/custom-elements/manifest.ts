// Reads what the elements say of themselves into a custom elements manifest of the package: what editors, documentation and the
// typings for frameworks are made from.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { create, ts } from '@custom-elements-manifest/analyzer';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import type { Declaration, ElementDeclaration, Manifest, ManifestModule } from './schema.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ELEMENTS = 'src/elements';

/** What a page imports, by the module that is shipped of it. */
const ENTRIES = new Map([
  ['dist/package/elements.js', 'src/elements/index.ts'],
  ['dist/package/admin.js', 'src/elements/admin/index.ts'],
  ['dist/package/palette.js', 'src/elements/palette/index.ts'],
  ['dist/package/tasks.js', 'src/elements/tasks/index.ts'],
  ['dist/package/databases.js', 'src/elements/databases/index.ts'],
]);

/** `@element('cloche-…') export class …`: the analyzer knows no decorator but Lit's own. */
const TAG = /@element\('(?<tag>cloche-[a-z-]+)'\)\s*export class (?<name>\w+)/g;

/** @throws where an element is shipped that no entry exports and whose comment does not say what it is a part of */
export function elementsManifest(): Manifest {
  const sources = readdirSync(join(ROOT, ELEMENTS), { recursive: true, encoding: 'utf8' })
    .map((name) => `${ELEMENTS}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
    // Words and styles are most of the files, and say nothing of any element.
    .filter(({ path, text }) => text.includes('class ') || [...ENTRIES.values()].includes(path));
  const tags = new Map(
    sources.flatMap(({ text }) => [...text.matchAll(TAG)].map(({ groups }) => [groups?.name, groups?.tag] as const)),
  );
  const { schemaVersion, modules } = create({
    modules: sources.map(({ path, text }) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)),
    plugins: litPlugin(),
    context: { dev: false, thirdPartyCEMs: [] },
  });
  const elements = modules
    .flatMap(({ declarations }) => declarations)
    .flatMap((declaration) => {
      const tagName = tags.get(declaration.name);
      return tagName === undefined ? [] : [publicFace(declaration, tagName)];
    });
  const isPart = ({ description }: ElementDeclaration): boolean => description?.includes('Part of `<') ?? false;
  const shipped = [...ENTRIES].map(([path, entry]) => {
    const names = modules.find((one) => one.path === entry)?.exports.map(({ name }) => name) ?? [];
    return moduleOf(path, names, elements);
  });
  const known = new Set(shipped.flatMap(({ exports }) => exports.map(({ name }) => name)));
  for (const one of elements.filter((element) => !isPart(element))) {
    if (!known.has(one.name))
      throw new Error(`Expected <${one.tagName}> to be exported, or to say what it is a part of`);
    const unknown = one.events?.find(({ type }) => !type || !known.has(type.text));
    if (unknown) throw new Error(`Expected the class of the event ${unknown.name} of <${one.tagName}> to be exported`);
  }
  return { schemaVersion, modules: shipped };
}

/** What others may use of it. */
function publicFace(declaration: Declaration, tagName: string): ElementDeclaration {
  const { members = [], events = [], ...rest } = declaration;
  const isPublic = ({ name, privacy, static: isStatic }: (typeof members)[number]): boolean =>
    privacy !== 'private' && privacy !== 'protected' && !name.startsWith('#') && !isStatic;
  // The analyzer also guesses at what is dispatched, by what is handed to the event in place of its name.
  const said = events.filter(({ description }) => description !== undefined);
  const unsaid = events.find(({ type }) => !said.some((event) => event.type?.text === type?.text));
  if (unsaid) throw new Error(`Expected <${tagName}> to have an @event for its ${unsaid.type?.text}`);
  const face = {
    ...rest,
    members: members.filter(isPublic),
    events: said,
    superclass: { name: 'LitElement', package: 'lit' },
    tagName,
    customElement: true,
  };
  // Where in the sources something was inherited from is nobody's concern.
  return JSON.parse(JSON.stringify(face, (key, value) => (key === 'inheritedFrom' ? undefined : value)));
}

/** @param names of what the module exports: of those its elements, and the classes of events, are told */
function moduleOf(path: string, names: readonly string[], elements: readonly ElementDeclaration[]): ManifestModule {
  const declarations = elements.filter(({ name }) => names.includes(name));
  const events = new Set(elements.flatMap((element) => element.events?.map(({ type }) => type?.text) ?? []));
  const classes = names.filter((name) => events.has(name) || declarations.some((one) => one.name === name));
  const definitions = declarations.map(({ name, tagName }) => {
    return { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } } as const;
  });
  const exports = classes.map((name) => ({ kind: 'js', name, declaration: { name, module: path } }) as const);
  return { kind: 'javascript-module', path, declarations, exports: [...exports, ...definitions] };
}
