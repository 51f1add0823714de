// The reader against the engine: whatever both accept they must understand alike, or a limit is written into something
// else than the engine runs. The engine itself is asked, by linking: an import links only to what has its very type.

import { assert } from 'chai';
import { ClocheError } from '../../../src/errors.ts';
import { type RewrittenModule, rewriteModule } from '../../../workers/wasm/limits.ts';
import { readModule } from '../../../workers/wasm/module.ts';
import { readerOf } from '../../../workers/wasm/sections.ts';
import { TypeTable } from '../../../workers/wasm/types.ts';
import { Random, randomModule } from './random-module.ts';
import { leb, module, section, signedLeb, vector } from './wasm-maker.ts';

const LIMITS = { memoryPages: 4, growthPages: 2, tableElements: 10 };
const SEED = 20_261_128;
const RUNS = 3_000;

describe('wasm reader and engine', () => {
  it('M12: agree on every type, and on the caps, in random modules with numbers in long forms', () => {
    const seen = { refused: 0, invalid: 0, linked: 0 };
    for (let seed = SEED; seed < SEED + RUNS; seed += 1) {
      const bytes = randomModule(new Random(seed));
      try {
        seen[compared(bytes)] += 1;
      } catch (cause) {
        const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
        throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : cause}\n${hex}`, { cause });
      }
    }
    // WebKit knows few of the newer types, the others link a third.
    assert.isAbove(seen.linked, RUNS / 50, `too few to prove anything: ${JSON.stringify(seen)}`);
  });

  it('M12: would not, if a type were read otherwise', () => {
    const exporting = module(
      section(6, vector([[0x63, 0x70, 1, 0xd0, 0x70, 0x0b]])),
      section(7, vector([[1, 0x67, 3, 0]])),
    );
    const instance = new WebAssembly.Instance(new WebAssembly.Module(exporting));
    const { facts, bytes } = rewriteModule(exporting, { limits: LIMITS });
    link(bytes, facts, instance);
    const [fact] = facts.exports;
    assert.exists(fact);
    for (const type of ['mut (ref null extern)', 'mut (ref null 0)', '(ref null func)', 'mut (ref func)']) {
      assert.throws(() => link(bytes, { ...facts, exports: [{ ...fact, type }] }, instance), Error);
    }
  });
});

function compared(bytes: Uint8Array<ArrayBuffer>): 'refused' | 'invalid' | 'linked' {
  const limited = limitedOrRefused(bytes);
  if (!limited) return 'refused';
  const isValid = WebAssembly.validate(bytes);
  assert.equal(WebAssembly.validate(limited.bytes), isValid, 'as valid as before');
  if (!isValid) return 'invalid';
  const compiled = new WebAssembly.Module(limited.bytes);
  const described = descriptors(compiled);
  if (!described) return 'invalid';
  const { imports, exports } = limited.facts;
  assert.deepEqual(
    described.imports.map(({ module: from, name, kind }) => [from, name, kind]),
    imports.map(({ module: from, name, kind }) => [from, name, kind]),
  );
  assert.deepEqual(
    described.exports.map(({ name, kind }) => [name, kind]),
    exports.map(({ name, kind }) => [name, kind]),
  );
  if (imports.length > 0 || readModule(limited.bytes).sections.has('start')) return 'invalid';
  link(limited.bytes, limited.facts, new WebAssembly.Instance(compiled));
  return 'linked';
}

/** WebKit throws where a table has a type that JavaScript has no name for. */
function descriptors(compiled: WebAssembly.Module) {
  try {
    return { imports: WebAssembly.Module.imports(compiled), exports: WebAssembly.Module.exports(compiled) };
  } catch (error) {
    assert.match(String(error), /unable to produce (im|ex)port descriptors/);
    return undefined;
  }
}

function limitedOrRefused(bytes: Uint8Array<ArrayBuffer>): RewrittenModule | undefined {
  try {
    return rewriteModule(bytes, { limits: LIMITS });
  } catch (error) {
    assert.instanceOf(error, ClocheError);
    assert.equal(error.code, 'MODULE_REJECTED');
    return undefined;
  }
}

/** Links a module that imports each export by the type that was read, and by a maximum no higher than the cap. */
function link(
  bytes: Uint8Array<ArrayBuffer>,
  { exports }: RewrittenModule['facts'],
  instance: WebAssembly.Instance,
): void {
  const types = new TypesOf(bytes);
  const wanted = exports.flatMap(({ name, kind, type }) => {
    const description = types.describe(kind, type);
    return description
      ? [[0, ...vector([...new TextEncoder().encode(name)].map((byte) => [byte])), ...description]]
      : [];
  });
  const importer = module(types.section(), section(2, vector(wanted)));
  new WebAssembly.Instance(new WebAssembly.Module(importer), { '': instance.exports as WebAssembly.ModuleImports });
}

const KINDS = ['function', 'table', 'memory', 'global', 'tag'];
const VALUES = new Map(Object.entries({ i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }));
const HEAPS = new Map(
  ['noexn', 'nofunc', 'noextern', 'none', 'func', 'extern', 'any', 'eq', 'i31', 'struct', 'array', 'exn'].map(
    (name, i) => [name, 0x74 - i],
  ),
);
const SHORT = new Map(
  [
    'nullexnref',
    'nullfuncref',
    'nullexternref',
    'nullref',
    'funcref',
    'externref',
    'anyref',
    'eqref',
    'i31ref',
    'structref',
    'arrayref',
    'exnref',
  ].map((name, i) => [name, 0x74 - i]),
);

/** The type section of a module as it stands, and types in print turned into bytes again. */
class TypesOf {
  readonly #groups: readonly number[];
  readonly #groupCount: number;
  readonly #typeCount: number;
  readonly #isPlain: boolean;
  readonly #added: number[][] = [];

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const place = readModule(bytes).sections.get('type');
    const table = new TypeTable(bytes);
    if (place) table.read(readerOf(bytes, place));
    const reader = place && readerOf(bytes, place);
    this.#groupCount = reader?.u32('count') ?? 0;
    this.#groups = reader ? [...bytes.subarray(reader.at, reader.end)] : [];
    this.#typeCount = table.size;
    // The name of a function type in a group or with a supertype is not to be had from what it looks like.
    this.#isPlain = !this.#groups.some((byte) => byte === 0x4e || byte === 0x4f || byte === 0x50);
  }

  section(): number[] {
    const count = this.#groupCount + this.#added.length;
    return section(1, [...leb(count), ...this.#groups, ...this.#added.flat()]);
  }

  describe(kind: string, type: string): number[] | undefined {
    const code = KINDS.indexOf(kind);
    switch (kind) {
      case 'memory':
        return [code, ...this.#limits(type, LIMITS.memoryPages, LIMITS.growthPages)];
      case 'table': {
        const [, element = '', limits = ''] = /^(.*) (\S+)$/.exec(type) ?? [];
        return [code, ...this.#value(element), ...this.#limits(limits, LIMITS.tableElements, LIMITS.tableElements)];
      }
      case 'global':
        return [code, ...this.#value(type.replace(/^mut /, '')), type.startsWith('mut ') ? 1 : 0];
      default:
        // What names an index may name itself, which only the type in its own place does.
        if (!this.#isPlain || /\(ref (null )?\d/.test(type)) return undefined;
        return [code, ...(kind === 'tag' ? [0] : []), ...leb(this.#functionType(type))];
    }
  }

  #limits(type: string, cap: number, growth: number): number[] {
    const [initial = '', maximum = ''] = type.split('..');
    const highest = Math.min(cap, Number(initial) + growth);
    return [1, ...leb(Number(initial)), ...leb(maximum === '' ? highest : Math.min(highest, Number(maximum)))];
  }

  #functionType(type: string): number {
    const [params = '', results = ''] = type.split(' -> ');
    this.#added.push([0x60, ...vector(this.#values(params)), ...vector(this.#values(results))]);
    return this.#typeCount + this.#added.length - 1;
  }

  /** `i32`, or a list such as `(i32, (ref null 1))`. */
  #values(text: string): number[][] {
    const list = text.startsWith('(ref') ? text : text.replace(/^\((.*)\)$/, '$1');
    return list === '' ? [] : list.split(', ').map((value) => this.#value(value));
  }

  #value(text: string): number[] {
    const short = VALUES.get(text) ?? SHORT.get(text);
    if (short !== undefined) return [short];
    const [, nullable, heap = ''] = /^\(ref (null )?(.*)\)$/.exec(text) ?? [];
    const abstract = HEAPS.get(heap);
    return [nullable ? 0x63 : 0x64, ...(abstract === undefined ? signedLeb(Number(heap)) : [abstract])];
  }
}
