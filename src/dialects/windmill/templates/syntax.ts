// What the parser of Handlebars makes of a template, as far as it is read here.
// https://github.com/handlebars-lang/handlebars.js/blob/master/docs/compiler-api.md

export interface Program {
  readonly body: readonly Statement[];
  readonly blockParams?: readonly string[];
}

export type Statement =
  | { readonly type: 'ContentStatement'; readonly value: string }
  | { readonly type: 'CommentStatement' }
  | Mustache
  | Block
  | { readonly type: 'PartialStatement' | 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock' };

interface Called {
  readonly path: Expression;
  readonly params: readonly Expression[];
  readonly hash?: { readonly pairs: readonly { readonly key: string; readonly value: Expression }[] };
}

export interface Mustache extends Called {
  readonly type: 'MustacheStatement';
  readonly escaped: boolean;
}

export interface Block extends Called {
  readonly type: 'BlockStatement';
  readonly program?: Program;
  readonly inverse?: Program;
}

export interface SubExpression extends Called {
  readonly type: 'SubExpression';
}

export type Call = Mustache | Block | SubExpression;

export interface Path {
  readonly type: 'PathExpression';
  /** Whether it begins with `@`. */
  readonly data: boolean;
  /** How many `../` it has. */
  readonly depth: number;
  readonly parts: readonly string[];
  readonly original: string;
}

export type Expression =
  | Path
  | SubExpression
  | { readonly type: 'StringLiteral'; readonly value: string; readonly original: string }
  | { readonly type: 'NumberLiteral'; readonly value: number; readonly original: number }
  | { readonly type: 'BooleanLiteral'; readonly value: boolean; readonly original: boolean }
  | { readonly type: 'UndefinedLiteral' | 'NullLiteral'; readonly original?: undefined | null };

/** What stands before a call, where that is a literal: `{{12}}` looks for a value of that name. */
export function pathOf({ path }: Call): Path {
  if (path.type === 'PathExpression') return path;
  if (path.type === 'SubExpression') throw new Error('A call in the place of a name is not supported');
  const name = literalName(path);
  return { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name };
}

function literalName(path: Exclude<Expression, Path | SubExpression>): string {
  if (path.type === 'UndefinedLiteral') return 'undefined';
  return path.type === 'NullLiteral' ? 'null' : String(path.original);
}

/** Whether it names what it means by `this` or a dot: then it is no helper and no block parameter. */
export function isScoped({ original }: Path): boolean {
  return /^\.|this\b/.test(original);
}

export function isSimple(path: Path): boolean {
  return path.parts.length === 1 && !isScoped(path) && !path.depth;
}
