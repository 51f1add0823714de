// The parser of Handlebars, which makes no JavaScript. https://github.com/handlebars-lang/handlebars.js

import { parse, parser } from 'handlebars/lib/handlebars/compiler/base.js';
import { MOST_DEPTH } from './budget.ts';
import type { Program } from './syntax.ts';

/** Of its tokens. A template that fits into a call has some ten thousand of them. */
const MOST_TOKENS = 50_000;

/** @throws {Error} with the line that is wrong; for too many tokens, and too many levels, which it would take too long for */
export function parseTemplate(template: string): Program {
  const { lexer } = parser;
  const { next } = lexer;
  const levels = new Levels();
  lexer.next = () => {
    const token = next.call(lexer);
    levels.take(typeof token === 'string' ? symbol(token) : token);
    return token;
  };
  try {
    return parse(template) as Program;
  } finally {
    lexer.next = next;
  }
}

const symbol = (name: string): number | undefined => parser.symbols_[name];
const OPEN_BLOCKS = new Set<unknown>(
  ['OPEN_BLOCK', 'OPEN_INVERSE', 'OPEN_RAW_BLOCK', 'OPEN_PARTIAL_BLOCK'].map(symbol),
);
const CHAINED = new Set<unknown>(['OPEN_INVERSE_CHAIN', 'INVERSE'].map(symbol));
const ENDS = new Set<unknown>(['OPEN_ENDBLOCK', 'END_RAW_BLOCK'].map(symbol));

/** How deep a template is: each `else` of a block is one within the other, and ends with that. */
class Levels {
  #blocks: number[] = [];
  #calls = 0;
  #depth = 0;
  #tokens = 0;

  take(token: unknown): void {
    if (++this.#tokens > MOST_TOKENS) throw new Error(`The template has more than ${MOST_TOKENS} tokens`);
    if (OPEN_BLOCKS.has(token)) {
      this.#blocks.push(this.#depth);
      this.#depth += 1;
    } else if (CHAINED.has(token)) this.#depth += 1;
    else if (ENDS.has(token)) this.#depth = this.#blocks.pop() ?? 0;
    else if (token === symbol('OPEN_SEXPR')) this.#calls += 1;
    else if (token === symbol('CLOSE_SEXPR')) this.#calls -= 1;
    if (this.#depth + this.#calls > MOST_DEPTH) throw new Error(`The template is more than ${MOST_DEPTH} levels deep`);
  }
}
