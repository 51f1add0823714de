// Who calls, and as which plugin: decided by the token alone. Nothing in a body can choose another caller (N11).

import type { CallerConfig, PluginGrant } from './config.ts';
import { equalDigests, sha256Hex } from './digest.ts';
import { matchesOrigin } from './origin.ts';
import { Problem } from './problem.ts';
import { Rate } from './rate.ts';

export interface Caller {
  readonly name: string;
  readonly rate: Rate;
  /** @throws {Problem} FORBIDDEN when a web page of another origin uses the token. */
  checkOrigin(origin: string | undefined): void;
  /** What the plugin may have done, or undefined. */
  plugin(id: string): KnownPlugin | undefined;
}

export interface KnownPlugin {
  readonly grant: PluginGrant;
  readonly rate: Rate | undefined;
}

export interface Callers {
  /** @throws {Problem} UNAUTHORIZED without a token that is known. */
  identify(authorization: string | undefined): Promise<Caller>;
  /** Whether any caller may be used from there: a preflight carries no token yet. */
  knowOrigin(origin: string): boolean;
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

export function createCallers(configs: readonly CallerConfig[]): Callers {
  const known = configs.map((config) => ({ config, caller: createCaller(config) }));
  return {
    async identify(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1];
      if (token === undefined) throw new Problem('unauthorized');
      const digest = await sha256Hex(token);
      // Every digest is compared, so that the time tells nothing about which one was near.
      const matches = known.filter(
        ({ config }) => config.tokenSha256.filter((own) => equalDigests(own, digest)).length > 0,
      );
      const [match] = matches;
      if (match === undefined) throw new Problem('unauthorized');
      return match.caller;
    },
    knowOrigin: (origin) => configs.some((config) => matchesOrigin(config.origins, origin)),
  };
}

function createCaller(config: CallerConfig): Caller {
  const plugins = new Map(
    Object.entries(config.plugins).map(([id, grant]) => [id, { grant, rate: grant.rate && new Rate(grant.rate) }]),
  );
  return {
    name: config.name,
    rate: new Rate(config.rate),
    checkOrigin(origin) {
      if (origin !== undefined && !matchesOrigin(config.origins, origin)) {
        throw new Problem('forbidden', 'This token may not be used from this origin');
      }
    },
    plugin: (id) => plugins.get(id) ?? plugins.get('*'),
  };
}
