// What plugins contribute besides exports, in types. What reads it comes with the first manifest or record.

/** What a plugin adds to an extension point of the host app, as its manifest says it. */
export interface Contribution {
  /** Name of the extension point, such as `admin.tab`. */
  readonly point: string;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Name of an icon; the host app decides what it means. */
  readonly icon: string | undefined;
  /** Asset that is the page to show; `index.html` where it is undefined. */
  readonly component: string | undefined;
  /** A style sheet that the plugin's system lists beside the page. Nothing loads it. */
  readonly styles: string | undefined;
  readonly group: string | undefined;
  readonly order: number | undefined;
}

/** A request that the plugin answers. */
export interface Route {
  /** Compared as it stands; `''` for any. */
  readonly method: string;
  /** Begins with `/`; `*` at its end stands for any rest. */
  readonly path: string;
  readonly description: string;
}

/** Events that an export wants to hear of. */
export interface Subscription {
  readonly id: string;
  readonly events: readonly string[];
  /** Name of the export. */
  readonly handler: string;
}

/** An export that wants to be called again and again. */
export interface Schedule {
  readonly id: string;
  readonly everyMs: number;
  /** Name of the export. */
  readonly handler: string;
}

/** An export that the app calls, and as what. */
export interface Handler {
  /** `hook`: by its name, in all plugins that have it. `endpoint`: by its path. `task`: where it may take long. */
  readonly use: string;
  readonly handler: string;
  /** Of an endpoint: as {@link Route.path}, without `*`. */
  readonly path: string | undefined;
}

/** What a command takes; `type` is a word of the plugin's system. */
export interface CommandParameter {
  readonly name: string;
  readonly type: string;
}

/** Something that people, and other plugins, can have a plugin do. */
export interface Command {
  /** Without the plugin's id, which the host puts before it. */
  readonly name: string;
  readonly description: string;
  readonly params: readonly CommandParameter[];
  /** `''` for nothing. */
  readonly returnType: string;
  /** Name of the export; undefined where the plugin names it once it runs. */
  readonly handler: string | undefined;
  /** What its dialect needs to call the handler. */
  readonly callback: string | undefined;
}

/** All that a plugin contributes, by kind. */
export interface Contributions {
  readonly contributions: readonly Contribution[];
  readonly routes: readonly Route[];
  readonly subscriptions: readonly Subscription[];
  readonly schedules: readonly Schedule[];
  readonly handlers: readonly Handler[];
  readonly commands: readonly Command[];
}

/** Keys of a manifest and of a stored record, each of a list. */
export const CONTRIBUTION_KEYS = [
  'contributions',
  'routes',
  'subscriptions',
  'schedules',
  'handlers',
  'commands',
] as const satisfies readonly (keyof Contributions)[];

/** Of a plugin that only offers exports. */
export function noContributions(): Contributions {
  return eachKind(() => []);
}

/** What each kind gives, by kind. */
export function eachKind(listOf: (key: (typeof CONTRIBUTION_KEYS)[number]) => readonly unknown[]): Contributions {
  return Object.fromEntries(CONTRIBUTION_KEYS.map((key) => [key, listOf(key)])) as unknown as Contributions;
}
