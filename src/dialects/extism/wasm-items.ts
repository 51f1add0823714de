// The list of modules as Extism writes it: which one is `main`, and where the bytes of each are.

import type { ClocheError } from '../../errors.ts';
import { compiledModule } from '../../manifest/compiled-module.ts';
import { Fields } from '../../manifest/fields.ts';
import { fileStem, type ModuleOrigin, type ModuleSource, type ReadOptions } from '../../manifest/manifest-draft.ts';
import { pathProblem } from '../../manifest/safe-path.ts';
import { fromBase64 } from '../../util/base64.ts';
import { formatPath, invalid, type Path } from '../../util/json/untrusted-json.ts';
import { shown } from '../../util/text/shown.ts';

export interface WasmItems {
  readonly modules: readonly ModuleSource[];
  /** What the main module is called by its name or its file. */
  readonly hint: string | undefined;
}

const MAX_ITEMS = 64;
const ORIGINS = ['data', 'url', 'req', 'path', 'module', 'response'];
const ITEM_KEYS = ['name', 'hash', 'headers', 'method', ...ORIGINS];
const EXTISM_STYLE = { camelCase: true, nullIsAbsent: true };
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/**
 * Reads a list of modules. The main one is the only one, whatever its name; else the one named `main`;
 * else the last. It is called `main` from then on. Others without a name get their hash for one, as in
 * the JS SDK; natively nothing can link to them.
 * @throws {ClocheError} MANIFEST_INVALID with the path; SOURCE_INVALID for a compiled module.
 */
export function readWasmItems(items: readonly unknown[], path: Path, options: ReadOptions): WasmItems {
  if (items.length === 0) throw invalid(path, 'lists no module');
  if (items.length > MAX_ITEMS) throw invalid(path, `lists more than ${MAX_ITEMS} modules`);
  const modules = items.map((item, index) => readItem(item, [...path, index], options));
  const main = mainIndex(modules);
  const named = new Set<string>();
  modules.forEach(({ name }, index) => {
    if (index !== main && name !== undefined && named.size === named.add(name).size) {
      throw invalid([...path, index, 'name'], `${shown(name)} is the name of two modules`);
    }
  });
  return {
    modules: modules.map((module, index) => {
      if (index === main) return asMain(module, options.mainGiven ?? false);
      if (module.origin.kind === 'path' && options.paths !== 'package') throw nowhere([...path, index, 'path']);
      return module;
    }),
    hint: hintOf(modules[main]),
  };
}

function mainIndex(modules: readonly ModuleSource[]): number {
  const named = modules.findIndex(({ name }) => name === 'main');
  return named === -1 ? modules.length - 1 : named;
}

function asMain(module: ModuleSource, given: boolean): ModuleSource {
  return { ...module, name: 'main', origin: given ? { kind: 'given' } : module.origin };
}

function hintOf(main: ModuleSource | undefined): string | undefined {
  if (main?.name !== undefined && main.name !== 'main') return main.name;
  if (main?.origin.kind === 'url') return fileStem(main.origin.url);
  return main?.origin.kind === 'path' ? fileStem(main.origin.path) : undefined;
}

function readItem(value: unknown, path: Path, options: ReadOptions): ModuleSource {
  const item = new Fields(value, path, ITEM_KEYS, EXTISM_STYLE);
  const origins = ORIGINS.filter((key) => item.has(key));
  const [kind] = origins;
  if (kind === undefined || origins.length > 1) {
    throw invalid(path, 'should have exactly one of data, url, path and response');
  }
  if (kind !== 'url') {
    for (const key of ['headers', 'method']) {
      if (item.has(key)) throw invalid(item.path(key), 'only goes with `url`');
    }
  }
  return { name: readName(item), hash: readHash(item), origin: readOrigin(kind, item, options) };
}

function readName(item: Fields): string | undefined {
  const name = item.text('name', { max: 200 });
  if (name === '') throw invalid(item.path('name'), 'is empty');
  if (name !== undefined && isReserved(name)) {
    throw invalid(item.path('name'), `${shown(name)} belongs to the host: no module may stand in for it`);
  }
  return name;
}

/**
 * Namespaces that the host alone provides, which the JS SDK would let an item replace; and names that every object of
 * JavaScript has: it would take the object's own for the item.
 */
function isReserved(name: string): boolean {
  return name === 'extism:host/env' || /^(wasi[_:]|cloche:)/.test(name) || Object.hasOwn(Object.prototype, name);
}

function readHash(item: Fields): string | undefined {
  const hash = item.text('hash', { max: 1_000 });
  if (hash === undefined || /^[0-9A-Fa-f]{64}$/.test(hash)) return hash?.toLowerCase();
  throw invalid(item.path('hash'), `should be the 64 hex digits of a SHA-256, not ${shown(hash)}`);
}

function readOrigin(kind: string, item: Fields, options: ReadOptions): ModuleOrigin {
  switch (kind) {
    case 'data':
      return { kind: 'bytes', bytes: readData(item) };
    case 'req':
      return readUrl(new Fields(item.raw('req'), item.path('req'), ['url', 'headers', 'method']), options);
    case 'url':
      return readUrl(item, options);
    case 'path':
      return readPath(item, options);
    case 'response':
      return readResponse(item);
    default:
      throw compiledModule(`\`${formatPath(item.path('module'))}\``);
  }
}

function readData(item: Fields): Uint8Array | ArrayBuffer {
  const data = item.raw('data');
  if (data instanceof Uint8Array || data instanceof ArrayBuffer) return data;
  const bytes = typeof data === 'string' ? fromBase64(data) : undefined;
  if (bytes) return bytes;
  throw item.wrong('data', 'base64, a Uint8Array or an ArrayBuffer');
}

function readResponse(item: Fields): ModuleOrigin {
  const response = item.raw('response');
  if (response instanceof Response) return { kind: 'response', response };
  throw item.wrong('response', 'a Response');
}

function readUrl(item: Fields, options: ReadOptions): ModuleOrigin {
  const given = item.required('url', item.raw('url'));
  const text = given instanceof URL ? given.href : item.text('url', { max: 4_096 });
  return {
    kind: 'url',
    url: checkedUrl(text ?? '', item.path('url'), options.baseUrl),
    method: item.choice('method', ['GET', 'POST']) ?? 'GET',
    headers: readHeaders(item),
  };
}

/** An http or https URL without a user in it; relative ones need a base. */
export function checkedUrl(text: string, path: Path, baseUrl: string | undefined): string {
  if (!URL.canParse(text, baseUrl)) {
    throw invalid(path, `should be ${baseUrl === undefined ? 'an absolute' : 'a'} URL, not ${shown(text)}`);
  }
  const url = new URL(text, baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw invalid(path, `should be an http or https URL, not ${shown(url.protocol)}`);
  }
  if (url.username !== '' || url.password !== '') throw invalid(path, 'has a user name or password in it');
  return url.href;
}

function readHeaders(item: Fields): Map<string, string> {
  const headers = item.textMap('headers', 50, { max: 8_192 }) ?? new Map<string, string>();
  for (const name of headers.keys()) {
    if (!HEADER_NAME.test(name)) throw invalid([...item.path('headers'), name], 'is not a header name');
  }
  return headers;
}

function readPath(item: Fields, options: ReadOptions): ModuleOrigin {
  return pathOrigin(item.required('path', item.text('path', { max: 1_000 })), item.path('path'), options);
}

/**
 * Where the bytes of a file are that is named by its path.
 * @throws {ClocheError} MANIFEST_INVALID where it may not be named so, or there is nothing that it is relative to.
 */
export function pathOrigin(text: string, place: Path, options: ReadOptions): ModuleOrigin {
  const path = text.replace(/^\.\//, '');
  const problem = pathProblem(path);
  if (problem !== undefined) throw invalid(place, `${shown(path)} ${problem}`);
  // Beside a given module the path of the main one is only its name; `readWasmItems` knows which that is.
  if (options.paths === 'package' || options.mainGiven) return { kind: 'path', path };
  if (options.paths !== 'base') throw nowhere(place);
  const relative = path.split('/').map(encodeURIComponent).join('/');
  const url = checkedUrl(relative, place, options.baseUrl);
  return { kind: 'url', url, method: 'GET', headers: new Map() };
}

function nowhere(path: Path): ClocheError {
  return invalid(path, 'only works in a package or in a manifest with a URL; use `url` or `data`');
}
