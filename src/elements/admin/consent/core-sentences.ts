// The sentences in which the core says what plugins ask for, taken apart into their form and the names in it: so each can be said in
// another language, its names can be shown as names, and what one of them implies is known. Pure; a test holds them to the core.

/**
 * Each form by its key, as the core writes it; `{name}` stands for what the plugin or the app has named. The first that fits counts,
 * so what is more exact comes first.
 */
const FORMS = {
  everyHost: 'Exchange data with every public website, over https.',
  ownSite: 'Send requests to this site itself, {host}, without your cookies.',
  nearHost: 'Exchange data with {host}, on this computer or its network.',
  plainHost: 'Exchange data with {host}, without encryption.',
  hostPattern: 'Exchange data with every host that matches {host}.',
  host: 'Exchange data with {host}.',
  hostExcept: 'Except with {hosts}.',
  methods: 'Only with the methods {methods}.',
  mailAnybody: 'Send e-mail by the server of this site, to everybody whom that server lets it write to.',
  mailTo: 'Send e-mail by the server of this site, to {names}.',
  everyCommand: 'Run every command that the server of this site allows it.',
  commands: 'Run these commands on the server of this site: {names}.',
  except: 'Except: {names}.',
  comments: 'Write comments, in the name of any user whom the server of this site lets it write for.',
  scm: 'Create branches, and link them to items, in the repositories that the server of this site lets it use.',
  dialogs: 'Let its pages ask you questions in windows of the browser, which hold up this page until you answer.',
  log: 'Write to its log.',
  coarseClock: 'Know the time, in whole seconds.',
  clock: 'Know the time.',
  reducedWasi: 'Use the part of WASI that programs need to start.',
  wasi: 'Use WASI, without network.',
  kvUpTo: 'Keep data of its own on this device, at most {size}.',
  kv: 'Keep data of its own on this device.',
  everyFile: 'Read and write every file that this app lets plugins reach.',
  readAllExcept: 'Read every file that this app lets plugins reach, except in {except}.',
  readAll: 'Read every file that this app lets plugins reach.',
  readExcept: 'Read files in {paths}, except in {except}.',
  read: 'Read files in {paths}.',
  changeAllExcept: 'Change every file that this app lets plugins reach, except in {except}.',
  changeAll: 'Change every file that this app lets plugins reach.',
  changeExcept: 'Change files in {paths}, except in {except}.',
  change: 'Change files in {paths}.',
  asksEveryHost: 'Asks for every host (*), which only a policy or an explicit grant gives.',
  asksBeyondPolicy: 'Asks for {host}, which the policy of this site does not cover.',
  asksForbidden: 'Asks for {capability}, which the policy of this site forbids.',
  asksUnknown: 'Asks for {capability}, which this site does not offer.',
  asksUnreadable: 'Asks for {capability} in a way that this site cannot read: {why}',
  unasked: 'Imports {functions} and does not ask for {capability}: it fails unless that is allowed by hand.',
  stubbed: 'Imports {functions} of {capability}, which nobody provides: what calls it gets an error.',
  mailServer: 'Only a server can send e-mail, and this site has named none: see the option `relay`.',
  commandsServer: 'Only a server can run commands, and this site has named none: see the option `relay`.',
  commentsServer: 'Only a server can keep comments, and this site has named none: see the option `relay`.',
  scmServer: 'Only a server can reach repositories, and this site has named none: see the option `relay`.',
  functions: 'Use {capability}: {functions}.',
} as const;

export type SentenceForm = keyof typeof FORMS;

/** A sentence of the core. */
export interface CoreSentence {
  /** As the core says it, in English. */
  readonly text: string;
  /** Undefined for what an app has written for a capability of its own. */
  readonly form: SentenceForm | undefined;
  /** What is named in it, by its word in the form: a plugin's or an app's own text. */
  readonly names: Readonly<Record<string, string>>;
}

const PATTERNS = Object.entries(FORMS).map(([form, text]) => {
  const words: string[] = [];
  const source = text.replace(/[.*+?^$()[\]\\|]/g, '\\$&').replace(/\{(\w+)\}/g, (_, word: string) => {
    words.push(word);
    return '(.+)';
  });
  // A name may hold anything that can be seen, words of other forms too, so the whole of the text has to fit.
  return { form: form as SentenceForm, words, pattern: new RegExp(`^${source}$`, 'su') };
});

/** Takes a sentence apart. One that is of no known form is kept as it is. */
export function readSentence(text: string): CoreSentence {
  for (const { form, words, pattern } of PATTERNS) {
    const found = pattern.exec(text);
    if (found) return { text, form, names: Object.fromEntries(words.map((word, at) => [word, found[at + 1] ?? ''])) };
  }
  return { text, form: undefined, names: {} };
}

/** Sentences that limit what the ones before them say. */
const LIMITS: ReadonlySet<SentenceForm | undefined> = new Set(['hostExcept', 'methods', 'except']);

/** Whether it says what may not be done, where the others say what may. */
export function isLimit({ form }: CoreSentence): boolean {
  return LIMITS.has(form);
}

/** Whether whoever may do the one may do the other anyway. */
export function implies(outer: CoreSentence, inner: CoreSentence): boolean {
  if (outer.text === inner.text) return true;
  switch (outer.form) {
    case 'everyHost':
      return (inner.form === 'host' || inner.form === 'hostPattern') && isPlain(inner.names.host);
    case 'hostPattern':
      return (inner.form === 'host' || inner.form === 'hostPattern') && matches(outer.names.host, inner.names.host);
    case 'host':
      return inner.form === 'host' && isBelow(outer.names.host, inner.names.host);
    case 'mailAnybody':
      return inner.form === 'mailTo';
    case 'everyCommand':
      return inner.form === 'commands';
    case 'clock':
      return inner.form === 'coarseClock';
    case 'wasi':
      return inner.form === 'reducedWasi';
    case 'kv':
      return inner.form === 'kvUpTo';
    case 'everyFile':
      return /^(read|change)/.test(inner.form ?? '');
    case 'readAll':
      return /^read/.test(inner.form ?? '');
    case 'changeAll':
      return /^change/.test(inner.form ?? '');
    default:
      return false;
  }
}

/** The sentences without those that another one implies; of two that say the same the first stays. */
export function withoutImplied<T>(items: readonly T[], sentenceOf: (item: T) => CoreSentence): T[] {
  return items.filter((item, at) => {
    const inner = sentenceOf(item);
    return !items.some((other, otherAt) => {
      if (at === otherAt) return false;
      const outer = sentenceOf(other);
      return implies(outer, inner) && (otherAt < at || !implies(inner, outer));
    });
  });
}

/** An entry of `http` as the core writes it: a host or a pattern, with scheme, port and path where it has them. */
interface Entry {
  readonly scheme: string;
  readonly host: string;
  readonly rest: string;
}

function entryIn(text: string | undefined): Entry | undefined {
  const [, scheme = '', host, rest = ''] = /^(?:(\w+):\/\/)?([^/]+)(\/.*)?$/.exec(text ?? '') ?? [];
  return host === undefined ? undefined : { scheme, host, rest: rest === '/' ? '' : rest };
}

/** By https on its own port, which is what every public host is exchanged with by. */
function isPlain(text: string | undefined): boolean {
  const entry = entryIn(text);
  return entry !== undefined && entry.scheme !== 'http' && !entry.host.includes(':');
}

/** Unsure is no: then both are said. */
function matches(pattern: string | undefined, text: string | undefined): boolean {
  const [outer, inner] = [entryIn(pattern), entryIn(text)];
  if (!outer || !inner || outer.rest !== '' || !outer.host.startsWith('*.')) return false;
  return sameScheme(outer, inner) && inner.host.endsWith(outer.host.slice(1)) && !inner.host.startsWith('*.*');
}

function isBelow(outerText: string | undefined, innerText: string | undefined): boolean {
  const [outer, inner] = [entryIn(outerText), entryIn(innerText)];
  if (!outer || !inner || outer.host !== inner.host || !sameScheme(outer, inner)) return false;
  return outer.rest === '' || inner.rest === outer.rest || inner.rest.startsWith(outer.rest.replace(/\/?$/, '/'));
}

/** An entry without a scheme is of https. */
function sameScheme(outer: Entry, inner: Entry): boolean {
  return (outer.scheme || 'https') === (inner.scheme || 'https');
}
