// Types while they are read: each refers to those that it is made of, and stands once however often it is used.

import type { Primitive, TypeRef, WitType } from './wit-types.ts';

export interface Resource {
  readonly id: number;
}

export type ValueNode = Primitive | CompoundNode;

export type CompoundNode =
  | { readonly kind: 'record'; readonly fields: readonly (readonly [string, ValueNode])[]; readonly depth: number }
  | {
      readonly kind: 'variant';
      readonly cases: readonly (readonly [string, ValueNode | null])[];
      readonly depth: number;
    }
  | { readonly kind: 'list' | 'option'; readonly of: ValueNode; readonly depth: number }
  | { readonly kind: 'tuple'; readonly of: readonly ValueNode[]; readonly depth: number }
  | { readonly kind: 'flags' | 'enum'; readonly names: readonly string[]; readonly depth: number }
  | { readonly kind: 'result'; readonly ok: ValueNode | null; readonly err: ValueNode | null; readonly depth: number }
  | { readonly kind: 'own' | 'borrow'; readonly resource: Resource; readonly depth: number };

export interface FunctionNode {
  readonly params: readonly (readonly [string, ValueNode])[];
  readonly result: ValueNode | null;
}

export function depthOf(node: ValueNode | null): number {
  return node === null || typeof node === 'string' ? 0 : node.depth;
}

/** Gives each type that is used a number. */
export class TypeNumbers {
  readonly types: WitType[] = [];
  readonly #known = new Map<CompoundNode, number>();

  of(node: ValueNode): TypeRef {
    if (typeof node === 'string') return node;
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const type = this.#numbered(node);
    const number = this.types.push(type) - 1;
    this.#known.set(node, number);
    return number;
  }

  #numbered(node: CompoundNode): WitType {
    switch (node.kind) {
      case 'record':
        return { kind: node.kind, fields: node.fields.map(([name, type]) => [name, this.of(type)]) };
      case 'variant':
        return { kind: node.kind, cases: node.cases.map(([name, type]) => [name, this.#perhaps(type)]) };
      case 'list':
      case 'option':
        return { kind: node.kind, of: this.of(node.of) };
      case 'tuple':
        return { kind: node.kind, of: node.of.map((type) => this.of(type)) };
      case 'flags':
      case 'enum':
        return { kind: node.kind, names: node.names };
      case 'result':
        return { kind: node.kind, ok: this.#perhaps(node.ok), err: this.#perhaps(node.err) };
      case 'own':
      case 'borrow':
        return { kind: node.kind, resource: node.resource.id };
    }
  }

  #perhaps(node: ValueNode | null): TypeRef | null {
    return node === null ? null : this.of(node);
  }
}
