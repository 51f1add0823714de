// Fills in a template of Handlebars without making JavaScript of it, which a page's policy forbids: what the parser gives is walked.
// Partials and decorators are not there. https://handlebarsjs.com/guide/expressions.html

import { Budget } from './budget.ts';
import { HELPERS, type Helper, type HelperBlocks, type HelperCall, plainBlock } from './helpers.ts';
import { OWN_HELPERS } from './own-helpers.ts';
import { parseTemplate } from './parse-template.ts';
import { blockParamOf, inner, lookedUp, NOTHING, rootScope, type Scope } from './scope.ts';
import { type Block, type Call, type Expression, isSimple, type Mustache, type Program, pathOf } from './syntax.ts';
import { escaped, RawText, textOf } from './values.ts';

/**
 * @param values of the template; JSON
 * @param log takes what `{{log}}` says
 * @throws {Error} for what is no template, and one that costs too much
 */
export function renderTemplate(template: string, values: unknown, log: (text: string) => void): string {
  const rendering = new Rendering(log);
  rendering.program(parseTemplate(template), rootScope(values));
  return rendering.text;
}

/** What looking into a value costs, in characters. */
const PART = 8;
/** Nothing gives a block more than two, and each name in it is compared with all of them. */
const MOST_NAMES = 8;

class Rendering {
  readonly #log: (text: string) => void;
  readonly #budget = new Budget();
  #text = '';

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  get text(): string {
    return this.#text;
  }

  program({ body }: Program, scope: Scope): void {
    this.#budget.within(() => {
      for (const statement of body) {
        this.#budget.step();
        if (statement.type === 'ContentStatement') this.#write(statement.value);
        else if (statement.type === 'MustacheStatement') this.#mustache(statement, scope);
        else if (statement.type === 'BlockStatement') this.#block(statement, scope);
        else if (statement.type !== 'CommentStatement') throw new Error('Partials and decorators are not supported');
      }
    });
  }

  #write(text: string): void {
    this.#text += this.#budget.write(text);
  }

  #textOf(value: unknown): string {
    return textOf(value, () => this.#budget.step());
  }

  #mustache(statement: Mustache, scope: Scope): void {
    const value = this.#called(statement, scope);
    if (value instanceof RawText) this.#write(value.text);
    else {
      const text = this.#textOf(value);
      this.#write(statement.escaped ? escaped(text) : text);
    }
  }

  #block(block: Block, scope: Scope): void {
    const path = pathOf(block);
    const isParam = blockParamOf(path, scope) !== undefined;
    const isHelper = !isParam && isSimple(path) && helperNamed(path.parts[0]) !== undefined;
    const isCall = !isParam && (block.params.length > 0 || block.hash !== undefined);
    const value = this.#called(block, scope);
    if (!isHelper && !isCall) plainBlock(value, this.#callOf(block, scope), this.#blocksOf(block, scope));
    else if (value !== undefined) this.#write(value instanceof RawText ? value.text : this.#textOf(value));
  }

  /** What comes of a mustache, a block or a call in parentheses. */
  #called(call: Call, scope: Scope): unknown {
    const path = pathOf(call);
    this.#budget.step(path.parts.length * PART);
    const hasArguments = call.params.length > 0 || call.hash !== undefined || call.type === 'SubExpression';
    const isParam = blockParamOf(path, scope) !== undefined;
    const helper = !isParam && isSimple(path) && !path.data ? helperNamed(path.parts[0]) : undefined;
    if (helper) return this.#helped(helper, call, scope);
    if (isParam || !hasArguments) return lookedUp(path, scope);
    // Data is no function.
    const found = lookedUp(path, scope, true);
    if (found) throw new Error(`"${path.original}" is not a helper`);
    this.#arguments(call, scope);
    if (call.params.length > 0) throw new Error(`Missing helper: "${path.original}"`);
    return undefined;
  }

  #helped(helper: Helper, call: Call, scope: Scope): unknown {
    return this.#budget.within(() => {
      const args = this.#arguments(call, scope);
      return helper(args, this.#callOf(call, scope));
    });
  }

  #arguments({ params }: Call, scope: Scope): unknown[] {
    return params.map((param) => this.#expression(param, scope));
  }

  #expression(expression: Expression, scope: Scope): unknown {
    this.#budget.step(expression.type === 'PathExpression' ? expression.parts.length * PART : 0);
    switch (expression.type) {
      case 'PathExpression':
        return lookedUp(expression, scope);
      case 'SubExpression': {
        const value = this.#called(expression, scope);
        return value instanceof RawText ? value.text : value;
      }
      case 'UndefinedLiteral':
        return undefined;
      case 'NullLiteral':
        return null;
      default:
        return expression.value;
    }
  }

  #callOf(call: Call, scope: Scope): HelperCall {
    const hash: Record<string, unknown> = Object.create(null);
    for (const { key, value } of call.hash?.pairs ?? []) hash[key] = this.#expression(value, scope);
    return {
      context: scope.context ?? NOTHING,
      hash,
      data: scope.data,
      block: call.type === 'BlockStatement' ? this.#blocksOf(call, scope) : undefined,
      isConstant: (index) => call.params[index]?.type === 'StringLiteral',
      name: (name, value) => void scope.named.set(name, value),
      log: this.#log,
      step: (characters) => this.#budget.step(characters),
    };
  }

  #blocksOf(block: Block, scope: Scope): HelperBlocks {
    return {
      run: (which, context, { data, values } = {}) => {
        const program = block[which];
        const names = program?.blockParams ?? [];
        if (names.length > MOST_NAMES) throw new Error(`A block names more than ${MOST_NAMES} values`);
        this.#budget.step();
        if (program) this.program(program, inner(scope, { context, data, names, values }));
      },
    };
  }
}

function helperNamed(name: string | undefined): Helper | undefined {
  return name === undefined ? undefined : (HELPERS.get(name) ?? OWN_HELPERS.get(name));
}
