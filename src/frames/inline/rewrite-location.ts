// Rewrites what scripts read as `location`: it cannot be replaced in a page, and in a `srcdoc` document it says
// `about:srcdoc`. What stands in is in `bootstrap/location.ts`.
//
//   location.href          becomes  __cloche.location.href
//   window.location.href   becomes  __cloche(window).location.href
//
// The second for every owner: which object it is shows only when the script runs.

import { type Options, parse } from 'acorn';
import { HELPER } from '../references.ts';
import type { Edit } from './edits.ts';
import { childrenOf, declaresName, isNode, NAME, type SyntaxNode } from './location-scope.ts';

/** What the text is: a classic script, a module, or the content of an attribute such as `onclick`. */
export type ScriptKind = 'script' | 'module' | 'handler';

/** @throws {SyntaxError} when the text is not JavaScript; {RangeError} when it is nested too deep. */
export function locationEdits(source: string, kind: ScriptKind): Edit[] {
  const options: Options = {
    ecmaVersion: 'latest',
    sourceType: kind === 'module' ? 'module' : 'script',
    allowReturnOutsideFunction: kind === 'handler',
    // So that `(a, b).location` keeps its parentheses within what is wrapped.
    preserveParens: true,
    allowHashBang: true,
  };
  const found = new Finding();
  found.visit(parse(source, options) as unknown as SyntaxNode, undefined, false);
  return found.edits;
}

class Finding {
  readonly edits: Edit[] = [];
  /** `new a.b()`: a call put into what is constructed would be constructed itself. */
  readonly #constructed = new Set<unknown>();

  visit(node: SyntaxNode, parent: SyntaxNode | undefined, isBound: boolean): void {
    const bound = isBound || declaresName(node);
    switch (node.type) {
      case 'Identifier':
        if (!bound && node.name === NAME && parent && isReference(node, parent)) this.#replace(node, parent);
        return;
      case 'MemberExpression':
        if (readsName(node) && !this.#constructed.has(node)) this.#wrapOwner(node);
        break;
      case 'VariableDeclarator':
        if (takesName(node.id)) this.#wrap(node.init);
        break;
      case 'AssignmentExpression':
        if (takesName(node.left)) this.#wrap(node.right);
        break;
      case 'NewExpression':
        for (let at = node.callee; isNode(at) && at.type === 'MemberExpression'; at = at.object)
          this.#constructed.add(at);
        break;
      case 'Property':
        // `{ location = 1 } = x`: what is short has no place for an owner.
        if (node.shorthand && isNode(node.value) && node.value.type === 'AssignmentPattern') {
          if (isNode(node.value.right)) this.visit(node.value.right, node.value, bound);
          return;
        }
    }
    for (const child of childrenOf(node)) this.visit(child, node, bound);
  }

  #replace({ start, end }: SyntaxNode, parent: SyntaxNode): void {
    const text = `${HELPER}.${NAME}`;
    this.edits.push({ start, end, text: parent.type === 'Property' && parent.shorthand ? `${NAME}: ${text}` : text });
  }

  #wrapOwner({ object, property, computed }: SyntaxNode): void {
    if (!isNode(object) || !isNode(property) || object.type === 'Super') return;
    if (!canEndEarly(object)) {
      this.#wrap(object);
      return;
    }
    // Without `a`, all of `a?.b.location.href` is undefined; the owner now is, so what follows has to end there.
    this.edits.push({ start: object.start, end: object.start, text: `${HELPER}(` });
    this.edits.push({ start: object.end, end: computed ? object.end : property.start, text: ')?.' });
  }

  #wrap(value: unknown): void {
    if (!isNode(value)) return;
    const { start, end } = value;
    this.edits.push({ start, end: start, text: `${HELPER}(` }, { start: end, end, text: ')' });
  }
}

/** `a.location` and `a['location']`. */
function readsName({ property, computed }: SyntaxNode): boolean {
  if (!isNode(property)) return false;
  return computed
    ? property.type === 'Literal' && property.value === NAME
    : property.type === 'Identifier' && property.name === NAME;
}

/** `{ location }` on the left side: what is on the right is asked for it. */
function takesName(pattern: unknown): boolean {
  if (!isNode(pattern) || pattern.type !== 'ObjectPattern' || !Array.isArray(pattern.properties)) return false;
  return pattern.properties.some(
    ({ key, computed }: SyntaxNode) => !computed && isNode(key) && key.type === 'Identifier' && key.name === NAME,
  );
}

/** `a?.b`, and what stands on it. */
function canEndEarly(owner: unknown): boolean {
  if (!isNode(owner) || (owner.type !== 'MemberExpression' && owner.type !== 'CallExpression')) return false;
  return owner.optional === true || canEndEarly(owner.object ?? owner.callee);
}

/** Whether the name stands for the variable, and is not the name of a property, a label or an export. */
function isReference(node: SyntaxNode, parent: SyntaxNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.property !== node || parent.computed === true;
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
      return parent.key !== node || parent.computed === true;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'ExportAllDeclaration':
    case 'ImportAttribute':
    case 'MetaProperty':
      return false;
    default:
      return true;
  }
}
