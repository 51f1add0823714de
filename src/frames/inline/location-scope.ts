// Whether a piece of JavaScript has a `location` of its own, by the scope rules of the language.

/** An ESTree node, seen as what it holds. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export const NAME = 'location';

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
const LOOPS: ReadonlySet<string> = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement']);

/** Whether `location` within this node is declared by it. */
export function declaresName(node: SyntaxNode): boolean {
  if (FUNCTIONS.has(node.type)) {
    const isNamed = node.type === 'FunctionExpression' && isName(node.id);
    return isNamed || list(node.params).some(binds) || hoists(node.body);
  }
  if (LOOPS.has(node.type)) return declaresInBlock([node.init ?? node.left]);
  switch (node.type) {
    case 'Program':
      // The global `location` of a classic script is the real one, whatever the script declares.
      return hoists(node) || declaresInBlock(list(node.body));
    case 'BlockStatement':
    case 'StaticBlock':
      return declaresInBlock(list(node.body)) || (node.type === 'StaticBlock' && hoists(node));
    case 'SwitchStatement':
      return declaresInBlock(list(node.cases).flatMap((one) => list(one.consequent)));
    case 'CatchClause':
      return binds(node.param);
    case 'ClassExpression':
    case 'ClassDeclaration':
      return isName(node.id);
    default:
      return false;
  }
}

/** Nodes directly within a node, in no particular order. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node).flatMap(list);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function list(value: unknown): SyntaxNode[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

function isName(value: unknown): boolean {
  return isNode(value) && value.type === 'Identifier' && value.name === NAME;
}

/** Whether a pattern, such as a parameter, binds the name. */
function binds(pattern: unknown): boolean {
  if (!isNode(pattern)) return false;
  switch (pattern.type) {
    case 'Identifier':
      return isName(pattern);
    case 'AssignmentPattern':
      return binds(pattern.left);
    case 'RestElement':
      return binds(pattern.argument);
    case 'ArrayPattern':
      return list(pattern.elements).some(binds);
    case 'ObjectPattern':
      return list(pattern.properties).some((one) => binds(one.type === 'Property' ? one.value : one));
    default:
      return false;
  }
}

function declaresInBlock(statements: readonly unknown[]): boolean {
  return statements.filter(isNode).some((statement) => {
    switch (statement.type) {
      case 'VariableDeclaration':
        return list(statement.declarations).some((one) => binds(one.id));
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return isName(statement.id);
      case 'ImportDeclaration':
        return list(statement.specifiers).some((one) => isName(one.local));
      case 'ExportNamedDeclaration':
        return declaresInBlock([statement.declaration]);
      default:
        return false;
    }
  });
}

/** Whether a `var` or a function somewhere below, but in no inner function, binds the name. */
function hoists(value: unknown): boolean {
  if (!isNode(value)) return false;
  if (FUNCTIONS.has(value.type)) return value.type === 'FunctionDeclaration' && isName(value.id);
  if (value.type === 'VariableDeclaration' && value.kind === 'var') {
    if (list(value.declarations).some((one) => binds(one.id))) return true;
  }
  return childrenOf(value).some(hoists);
}
