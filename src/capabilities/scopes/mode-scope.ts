// Scopes that are one word of a few, of which each allows what the ones before it do: what of its surroundings a guest finds.

import { ClocheError } from '../../errors.ts';
import { isPlainObject } from '../../util/given-options.ts';
import type { ScopeRule } from '../capability.ts';
import type { Sentence } from '../sentences.ts';

export interface ModeScope {
  readonly mode: string;
}

/**
 * The rule for `{ mode }`. Plugins have all of it, unless their manifest, their grant or the policy names another.
 * @param sentences of each mode for the consent page, the least first, which allows nothing
 */
export function modeScope(sentences: ReadonlyMap<string, Sentence | undefined>): ScopeRule {
  const modes = [...sentences.keys()];
  const scopes = new Map(modes.map((mode): [string, ModeScope] => [mode, Object.freeze({ mode })]));
  const [none] = scopes.values();
  const all = [...scopes.values()].at(-1);
  const known = (mode: unknown, path: string): ModeScope => {
    const scope = typeof mode === 'string' ? scopes.get(mode) : undefined;
    if (scope) return scope;
    throw new ClocheError('OPTION_INVALID', `Expected \`${path}\` to be one of ${modes.join(', ')}`);
  };
  const holds = (scope: unknown, other: unknown): boolean => rankOf(modes, scope) >= rankOf(modes, other);
  return {
    none,
    all,
    parse(value, path) {
      if (isPlainObject(value) && Object.keys(value).every((key) => key === 'mode'))
        return known(value.mode, `${path}.mode`);
      throw new ClocheError('OPTION_INVALID', `Expected \`${path}\` to be an object such as { mode: "${modes[1]}" }`);
    },
    describe(scope) {
      const said = sentences.get(leastMode(modes, scope));
      return said ? [said] : [];
    },
    covers: holds,
    decide: (scope, { mode }) => ({ allowed: holds(scope, known(mode, 'mode')), rule: 'mode', entry: undefined }),
    narrowest: ({ mode }) => known(mode, 'mode'),
  };
}

/** The least that any of the scopes allows; one that is undefined allows all. */
export function leastMode<M extends string>(modes: readonly M[], ...scopes: readonly unknown[]): M {
  return modes[Math.min(...scopes.map((scope) => rankOf(modes, scope)))] as M;
}

/** What is none of them, as from an app's own capability of the name, is no limit. */
function rankOf(modes: readonly string[], scope: unknown): number {
  const rank = modes.indexOf((scope as ModeScope | undefined)?.mode as string);
  return rank < 0 ? modes.length - 1 : rank;
}
