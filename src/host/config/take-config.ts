// What a person sets of a plugin's config: all of it is taken, or nothing.

import type { ConfigProblem } from '../../config/check-protocol.ts';
import { isSecret, textOf, valuesOf } from '../../config/config-values.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import type { ConfigSchema, PluginManifest } from '../../manifest/plugin-manifest.ts';
import { handleOf } from '../../secrets/handle.ts';
import type { Secret } from '../../secrets/sealed-secrets.ts';
import { copyData, isJsonObject } from '../../util/json/untrusted-json.ts';
import { withoutSecrets } from './partial-schemas.ts';

export interface TakenConfig {
  /** What was set in the open, as a guest reads it. */
  readonly config: ReadonlyMap<string, string>;
  /** What was entered of secrets, encrypted for an installation; empty text for what is taken away. @throws {ClocheError} STORAGE_FAILED */
  seal(installation: string): Promise<ReadonlyMap<string, string>>;
}

interface TakeDeps {
  /** Secrets that are set already. */
  readonly kept: ReadonlyMap<string, string>;
  check(schema: object, values: object): Promise<readonly ConfigProblem[]>;
  seal(installation: string, name: string, secret: Secret): Promise<string>;
}

/** So it can stand in a header, where its ends would lose their blanks; shorter ones could be guessed by what is redacted. */
const SECRET = /^[\x21-\x7e][\x20-\x7e]{6,4094}[\x21-\x7e]$/;
const SECRET_RULE = 'Expected 8 to 4096 printable ASCII characters without blanks at the ends, or null.';
const CAPS = { getters: true, maxLength: 1 << 18, maxValues: 10_000 };

/** @throws {ClocheError} OPTION_INVALID for what is no JSON object; CONFIG_INVALID with all that is wrong as `cause` */
export async function takeConfig(
  { id, config: own, configSchema }: PluginManifest,
  given: unknown,
  { kept, check, seal }: TakeDeps,
): Promise<TakenConfig> {
  const schema = configSchema as ConfigSchema;
  const entries = Object.entries(copyOf(given));
  const entered = entries.filter(([name]) => isSecret(schema, name));
  const open = entries.filter(([name]) => !isSecret(schema, name));
  const wrong = entered.filter(([, value]) => value !== null && !(typeof value === 'string' && SECRET.test(value)));
  if (wrong.length > 0)
    throw invalid(
      id,
      wrong.map(([name]) => ({ path: name, field: name, expected: SECRET_RULE })),
    );

  const taken = new Set(entered.map(([name]) => name));
  const stays = new Map([...kept].filter(([name]) => !taken.has(name)));
  const values = {
    ...valuesOf(schema, own),
    ...Object.fromEntries(
      [...stays.keys()].filter((name) => isSecret(schema, name)).map((name) => [name, handleOf(name)]),
    ),
    ...Object.fromEntries(open),
    ...Object.fromEntries(entered.filter(([, value]) => value !== null)),
  };
  const problems = await check(withoutSecrets(schema, stays), values);
  if (problems.length > 0) throw invalid(id, problems);
  return {
    config: new Map(open.map(([name, value]) => [name, textOf(value)])),
    seal: async (installation) =>
      new Map(
        await Promise.all(
          entered.map(async ([name, value]): Promise<[string, string]> => {
            const hosts = schema.properties[name]?.['x-hosts'] as Secret['hosts'];
            return [name, value === null ? '' : await seal(installation, name, { value: value as string, hosts })];
          }),
        ),
      ),
  };
}

function copyOf(given: unknown): object {
  try {
    const copy = copyData(given, CAPS);
    if (isJsonObject(copy)) return copy;
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', `Expected \`config\` to be data: ${messageOf(cause)}`, { cause });
  }
  throw new ClocheError('OPTION_INVALID', 'Expected `config` to be an object by field');
}

function invalid(plugin: string, problems: readonly ConfigProblem[]): ClocheError {
  const [first] = problems as [ConfigProblem];
  const place = first.path === '' ? 'The config' : `\`config.${first.path}\``;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = `${place} of plugin "${plugin}" is not as its schema takes it: ${first.expected}${others}`;
  return new ClocheError('CONFIG_INVALID', message, { plugin, cause: problems });
}
