// The helpers that Handlebars has itself: https://handlebarsjs.com/guide/builtin-helpers.html

import type { Data } from './scope.ts';
import { isEmpty, propertyOf, textOf } from './values.ts';

/** What a helper is called with besides its arguments. */
export interface HelperCall {
  /** What the call stands in. */
  readonly context: unknown;
  readonly hash: Readonly<Record<string, unknown>>;
  readonly data: Data;
  /** Its block, and that behind `else`; undefined for a call that is none. */
  readonly block: HelperBlocks | undefined;
  /** Whether the argument at this place is written as a text in the template. */
  isConstant(index: number): boolean;
  /** A name for what stands behind this in the same block. */
  name(name: string, value: unknown): void;
  log(text: string): void;
  step(characters: number): void;
}

export interface HelperBlocks {
  /** Undefined where it is not there: then nothing is written. */
  run(which: 'program' | 'inverse', context: unknown, given?: { data?: Data; values?: readonly unknown[] }): void;
}

/** Gives a value, or runs its blocks. @throws {Error} */
export type Helper = (args: readonly unknown[], call: HelperCall) => unknown;

export const HELPERS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['if', (args, call) => branch(args, call, 'if')],
  ['unless', (args, call) => branch(args, call, 'unless')],
  ['each', each],
  ['with', withHelper],
  ['lookup', lookup],
  ['log', log],
]);

function branch(args: readonly unknown[], call: HelperCall, name: 'if' | 'unless'): void {
  if (args.length !== 1) throw new Error(`#${name} requires exactly one argument`);
  const [value] = args;
  const isNo = (!call.hash.includeZero && !value) || isEmpty(value);
  blocksOf(call, name).run(isNo === (name === 'if') ? 'inverse' : 'program', call.context);
}

function each(args: readonly unknown[], call: HelperCall): void {
  if (args.length !== 1) throw new Error('Must pass iterator to #each');
  const blocks = blocksOf(call, 'each');
  const [items] = args;
  const isMap = typeof items === 'object' && items !== null && !Array.isArray(items);
  const keys = isMap ? Object.keys(items) : undefined;
  const values: readonly unknown[] = isMap ? Object.values(items) : Array.isArray(items) ? items : [];
  if (values.length === 0) {
    blocks.run('inverse', call.context);
    return;
  }
  // One for all of them, as none outlives its turn.
  const data: Record<string, unknown> = { ...call.data, _parent: call.data };
  for (const [index, value] of values.entries()) {
    const key = keys?.[index] ?? index;
    Object.assign(data, { key, index, first: index === 0, last: index === values.length - 1 });
    blocks.run('program', value, { data, values: [value, key] });
  }
}

function withHelper(args: readonly unknown[], call: HelperCall): void {
  if (args.length !== 1) throw new Error('#with requires exactly one argument');
  const blocks = blocksOf(call, 'with');
  const [value] = args;
  if (isEmpty(value)) blocks.run('inverse', call.context);
  else blocks.run('program', value, { data: call.data, values: [value] });
}

function lookup(args: readonly unknown[], { step }: HelperCall): unknown {
  const [from, given] = args;
  if (args.length < 2) throw new Error('lookup requires a value and a name');
  if (!from) return from;
  const name = given === null || given === undefined ? String(given) : textOf(given, () => step(0));
  step(name.length);
  return propertyOf(from, name);
}

function log(args: readonly unknown[], call: HelperCall): void {
  const text = args.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
  call.step(text.length);
  call.log(text);
}

function blocksOf({ block }: HelperCall, name: string): HelperBlocks {
  if (block) return block;
  throw new Error(`"${name}" needs a block, as in {{#${name}}}…{{/${name}}}`);
}

/** What a block does whose name is no helper's: it runs for each item, on the value, or not at all. */
export function plainBlock(value: unknown, call: HelperCall, block: HelperBlocks): void {
  if (value === true) block.run('program', call.context);
  else if (value === false || value === null || value === undefined) block.run('inverse', call.context);
  else if (Array.isArray(value)) each([value], call);
  else block.run('program', value);
}
