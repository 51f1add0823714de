// What an operator decides: who may call, from where, as which plugins, and what each of these may have done.
// Read strictly: an unknown or mistyped field is an error, since a grant that is silently ignored helps nobody.

import * as v from 'valibot';
import { parseHostEntry } from '../../src/capabilities/http/host-pattern.ts';
import type { HttpScope } from '../../src/capabilities/http/scope.ts';
import { httpScopeRule } from '../../src/capabilities/http/scope-rule.ts';
import { messageOf } from '../../src/errors.ts';
import { SECRET_NAME } from '../../src/secrets/handle.ts';
import { readMailAddress, readMailPattern } from './mail-address.ts';
import { isOriginPattern } from './origin.ts';

const count = (lowest: number, highest: number) =>
  v.pipe(v.number(), v.integer('Expected a whole number'), v.minValue(lowest), v.maxValue(highest));

const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/, 'Expected 1 to 64 letters, digits, ".", "_" or "-"'));

const id = count(1, Number.MAX_SAFE_INTEGER);

/** All, or these only. */
const Ids = v.union([v.literal('all'), v.array(id)], 'Expected "all" or a list of ids');

const MailGrant = v.strictObject({
  /** The sender of every mail, whatever the plugin says. */
  from: v.pipe(
    v.string(),
    v.check(
      (text) => readMailAddress(text) !== undefined,
      'Expected an address such as "Standup <standup@example.com>"',
    ),
  ),
  /** Who may receive: `ann@example.com`, `*@example.com`, or `*` for anybody. */
  to: v.array(
    v.pipe(
      v.string(),
      v.check((text) => readMailPattern(text) !== undefined, 'Expected "ann@example.com", "*@example.com" or "*"'),
      v.transform((text) => readMailPattern(text) ?? text),
    ),
  ),
});

/** An entry of the language that grants list hosts in, see `docs/permissions.md`. */
const HostEntry = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseHostEntry(dataset.value);
    } catch (error) {
      addIssue({ message: messageOf(error) });
      return NEVER;
    }
  }),
);

const Secret = v.strictObject({
  /** What takes the place of its handle, `{{secret:name}}`, in a header. */
  value: v.pipe(
    v.string(),
    v.regex(
      /^[\x21-\x7e][\x20-\x7e]{6,4094}[\x21-\x7e]$/,
      'Expected 8 to 4096 printable ASCII characters, without blanks at the ends',
    ),
  ),
  /** Where it may go, besides being granted. @default wherever the plugin's grant leads */
  hosts: v.optional(v.array(HostEntry)),
});

/** The scope of a plugin's requests, as a host grants it, and the plugin's secrets by name. */
const HttpGrant = v.pipe(
  v.looseObject({
    secrets: v.optional(
      v.pipe(
        v.record(v.pipe(v.string(), v.regex(SECRET_NAME, 'Expected 1 to 64 letters, digits, ".", "_" or "-"')), Secret),
        // As many as answers are searched for.
        v.maxEntries(64),
      ),
      {},
    ),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { secrets, ...scope } = dataset.value;
    try {
      return { secrets, scope: httpScopeRule.parse(scope, 'http') as HttpScope };
    } catch (error) {
      addIssue({ message: messageOf(error) });
      return NEVER;
    }
  }),
);

const Rate = v.strictObject({
  /** Calls a minute, on average. */
  perMinute: count(1, 10_000_000),
  /** Calls at once, before the average counts. */
  burst: count(1, 1_000_000),
});

const PluginGrant = v.strictObject({
  mail: v.optional(MailGrant),
  /** Names from the allow-list of commands. */
  commands: v.optional(v.array(v.string())),
  comments: v.optional(v.strictObject({ items: Ids, authors: Ids })),
  scm: v.optional(v.strictObject({ repositories: Ids })),
  http: v.optional(HttpGrant),
  /** Databases of its own, by name: for each browser's installation of it, or one for all of them. */
  sql: v.optional(
    v.strictObject({
      databases: v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,29}$/, 'Expected a name such as "hasura"'))),
      shared: v.optional(v.boolean(), false),
    }),
  ),
  /** @default no limit but the caller's */
  rate: v.optional(Rate),
});

const Caller = v.strictObject({
  /** For the audit log, and the owner of its idempotency keys: stays when the token changes. */
  name,
  /** SHA-256 of each token that is accepted, in hexadecimal. Two, while one replaces the other. */
  tokenSha256: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Expected 64 lower-case hexadecimal digits'))),
    v.minLength(1),
  ),
  /** Web pages that may use the token: exact origins, or `http://localhost:*`. */
  origins: v.array(
    v.pipe(v.string(), v.check(isOriginPattern, 'Expected an origin such as "https://app.example.com"')),
  ),
  /** By plugin id; `*` stands for every plugin that is not named. */
  plugins: v.record(
    v.pipe(v.string(), v.regex(/^(?:\*|[A-Za-z0-9_-]{1,64})$/, 'Expected a plugin id or "*"')),
    PluginGrant,
  ),
  rate: v.optional(Rate, { perMinute: 600, burst: 100 }),
});

const Command = v.strictObject({
  /** Absolute path. It is started without a shell. */
  program: v.string(),
  /** Arguments that always come first. */
  args: v.optional(v.array(v.string()), []),
  /** What each argument of the plugin must match as a whole. @default no arguments */
  argPattern: v.optional(
    v.pipe(
      v.string(),
      v.check(isPattern, 'Expected a regular expression'),
      v.transform((source) => new RegExp(`^(?:${source})$`, 'u')),
    ),
  ),
  /** Most arguments of the plugin. */
  maxArgs: v.optional(count(0, 256), 16),
  /** Absolute path; a plugin may name it or a folder below. */
  workingDir: v.string(),
  /** The whole environment of the command, beside `PATH`: nothing of the relay's own is handed on. */
  env: v.optional(v.record(v.string(), v.string()), {}),
  /** Names of variables that a plugin may set. */
  allowEnv: v.optional(v.array(v.string()), []),
  maxTimeoutMs: v.optional(count(1, 600_000), 600_000),
});

const Repository = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[^/\s]+\/[^/\s]+$/, 'Expected "owner/repository"')),
  /** A repository on this machine. Either this or `url`. */
  path: v.optional(v.string()),
  /** A remote that git can push to: https, ssh, http, git or file. */
  url: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^(?:https?|ssh|git|file):\/\/[^\s]+$/, 'Expected an https, ssh, http, git or file URL'),
    ),
  ),
  provider: v.optional(v.picklist(['github', 'gitea']), 'github'),
  /** Where branches are shown. @default the provider's own site */
  webUrl: v.optional(
    v.pipe(v.string(), v.regex(/^https?:\/\/[^\s?#]*[^\s?#/]$/, 'Expected an http(s) URL without a slash at its end')),
  ),
});

const Limits = v.strictObject({
  /** Largest request body. */
  bodyBytes: v.optional(count(1_024, 64 << 20), 1 << 20),
  /** Calls under way; more are answered with `unavailable`. */
  inFlight: v.optional(count(1, 100_000), 1_000),
  /** Commands at once; more wait for their turn. */
  commandsInFlight: v.optional(count(1, 1_000), 8),
  /** Recipients of one mail. */
  recipients: v.optional(count(1, 1_000), 50),
  /** Requests of plugins at once; more wait for their turn. Each may hold an answer in memory, and its base64. */
  requestsInFlight: v.optional(count(1, 10_000), 64),
  /** Body of an answer to a plugin's request, on the way and decoded. */
  responseBytes: v.optional(count(0, 64 << 20), 10 << 20),
});

/** The part of the configuration that is the same on every platform. */
export const relayFields = {
  callers: v.array(Caller),
  /** By the name that plugins call them by. */
  commands: v.optional(v.record(v.pipe(v.string(), v.minLength(1)), Command), {}),
  /** By `workspace_repository_id`. */
  repositories: v.optional(v.record(v.pipe(v.string(), v.regex(/^[1-9]\d{0,15}$/, 'Expected an id')), Repository), {}),
  /** Hosts that plugins with a grant for them may reach at whatever address they have: inside, too. */
  innerHosts: v.optional(v.array(HostEntry), []),
  limits: v.optional(Limits, {}),
  /** Several relays write to one database, so that a call which began elsewhere may still be under way. @default false */
  sharedDatabase: v.optional(v.boolean(), false),
};

const RelayConfig = v.strictObject(relayFields);

export type RelayConfig = v.InferOutput<typeof RelayConfig>;
export type CallerConfig = RelayConfig['callers'][number];
export type PluginGrant = v.InferOutput<typeof PluginGrant>;
export type MailGrant = v.InferOutput<typeof MailGrant>;
export type HttpGrant = v.InferOutput<typeof HttpGrant>;
export type SecretConfig = v.InferOutput<typeof Secret>;
export type IdSet = v.InferOutput<typeof Ids>;
export type CommandConfig = v.InferOutput<typeof Command>;
export type RepositoryConfig = v.InferOutput<typeof Repository>;
export type RateConfig = v.InferOutput<typeof Rate>;

/**
 * Checks a configuration and fills in defaults.
 * @throws {Error} that lists every field that is wrong, with its path.
 */
export function readRelayConfig(value: unknown): RelayConfig {
  return readConfig(RelayConfig, value);
}

/** The same for a platform's own schema, which has {@link relayFields} and more. */
export function readConfig<C extends RelayConfig>(schema: v.GenericSchema<unknown, C>, value: unknown): C {
  const read = v.safeParse(schema, value);
  const wrong = read.success
    ? contradictions(read.output)
    : read.issues.map((issue) => `${v.getDotPath(issue) ?? '(all of it)'}: ${issue.message}`);
  if (!read.success || wrong.length > 0) {
    throw new Error(`The configuration is not valid:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  }
  return read.output;
}

export function allows(ids: IdSet, asked: number): boolean {
  return ids === 'all' || ids.includes(asked);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(`^(?:${source})$`, 'u');
    return true;
  } catch {
    return false;
  }
}

/** What no field says alone. */
function contradictions({ callers, commands, innerHosts, repositories }: RelayConfig): string[] {
  const digests = callers.flatMap((caller) => caller.tokenSha256);
  return [
    ...twice(callers.map((caller) => caller.name)).map((name) => `callers: Two are named "${name}"`),
    ...twice(digests).map((digest) => `callers: Two have the token ${digest.slice(0, 8)}…`),
    ...callers.flatMap(({ name, plugins }) =>
      Object.entries(plugins).flatMap(([plugin, grant]) => [
        ...(grant.commands ?? [])
          .filter((command) => !Object.hasOwn(commands, command))
          .map((command) => `callers (${name}): ${plugin} may run "${command}", which is not a key of commands`),
        ...listed(grant.scm?.repositories)
          .filter((id) => !Object.hasOwn(repositories, id))
          .map((id) => `callers (${name}): ${plugin} may use repository ${id}, which is not a key of repositories`),
      ]),
    ),
    ...callers
      .filter(({ plugins }) => Object.keys(plugins['*']?.http?.secrets ?? {}).length > 0)
      .map(({ name }) => `callers (${name}): Secrets belong to plugins that are named, not to "*"`),
    ...innerHosts.filter(({ isAny }) => isAny).map(() => 'innerHosts: "*" would open everything; name the hosts'),
    ...Object.entries(repositories)
      .filter(([, { path, url }]) => (path === undefined) === (url === undefined))
      .map(([id]) => `repositories.${id}: Expected either path or url`),
  ];
}

function listed(ids: IdSet | undefined): readonly number[] {
  return ids === undefined || ids === 'all' ? [] : ids;
}

function twice(values: readonly string[]): string[] {
  return values.filter((value, at) => values.indexOf(value) < at);
}
