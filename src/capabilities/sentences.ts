// What plugins may do, ask for and lack, in plain sentences: each in English beside its form and the names in it, so that it can be said
// in another language, names can be shown as names, and what one sentence implies of another is known.

type None = Readonly<Record<never, never>>;
type List = readonly string[];

/** What is named in sentences of each form, made visible: a plugin's words, or the app's. */
interface Forms {
  everyHost: None;
  ownSite: { readonly host: string };
  nearHost: { readonly host: string };
  plainHost: { readonly host: string };
  hostPattern: { readonly host: string };
  host: { readonly host: string };
  hostExcept: { readonly hosts: List };
  methods: { readonly methods: List };
  mailAnybody: None;
  mailTo: { readonly addresses: List };
  mailNobody: None;
  everyCommand: None;
  commands: { readonly names: List };
  noCommand: None;
  except: { readonly names: List };
  exceptMail: { readonly addresses: List };
  comments: None;
  scm: None;
  dialogs: None;
  log: None;
  coarseClock: None;
  clock: None;
  reducedWasi: None;
  wasi: None;
  kvUpTo: { readonly bytes: number };
  kv: None;
  everyFile: None;
  readAll: None;
  readAllExcept: { readonly except: List };
  read: { readonly paths: List };
  readExcept: { readonly paths: List; readonly except: List };
  changeAll: None;
  changeAllExcept: { readonly except: List };
  change: { readonly paths: List };
  changeExcept: { readonly paths: List; readonly except: List };
  asksEveryHost: None;
  asksBeyondPolicy: { readonly host: string };
  asksForbidden: { readonly capability: string };
  asksUnknown: { readonly capability: string };
  asksUnreadable: { readonly capability: string; readonly why: string };
  unasked: { readonly functions: List; readonly capability: string };
  stubbed: { readonly functions: List; readonly capability: string };
  stubbedMore: { readonly functions: List; readonly more: number; readonly capability: string };
  mailServer: None;
  commandsServer: None;
  commentsServer: None;
  scmServer: None;
  functions: { readonly capability: string; readonly functions: List };
  editor: None;
  everyEditorCommand: None;
  editorCommands: { readonly names: List };
  noEditorCommand: None;
  editorSettings: None;
  authorization: None;
  databases: { readonly names: List };
  nothingInDatabases: None;
  everyDatabase: None;
  vault: None;
  documents: None;
  services: None;
  noDatabases: None;
  noVault: None;
}

export type SentenceForm = keyof Forms;

export type SentenceNames<Form extends SentenceForm> = Forms[Form];

/** A sentence of the core, by its form. */
export type CoreSentence = {
  readonly [Form in SentenceForm]: { readonly text: string; readonly form: Form; readonly names: SentenceNames<Form> };
}[SentenceForm];

/** What an app has written for a capability of its own. */
export interface OwnSentence {
  readonly text: string;
  readonly form?: undefined;
  readonly names?: undefined;
}

/** A plain sentence in English, and what it is made of where it is one of Cloche's own. */
export type Sentence = CoreSentence | OwnSentence;

/** @param text in which `{name}` stands for what is named @param names made visible already */
export function sentence<Form extends SentenceForm>(
  form: Form,
  text: string,
  ...[names]: None extends Forms[Form] ? [] : [names: Forms[Form]]
): CoreSentence {
  const given: Readonly<Record<string, unknown>> = names ?? {};
  const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => shown(name, given[name]));
  return { text: filled, form, names: given } as unknown as CoreSentence;
}

/** As capabilities give them: an app's are texts. */
export function asSentence(given: string | Sentence): Sentence {
  return typeof given === 'string' ? { text: given } : given;
}

export function sentenceText(given: string | Sentence): string {
  return typeof given === 'string' ? given : given.text;
}

const MIB = 1 << 20;

function shown(name: string, value: unknown): string {
  if (name === 'bytes') return shownBytes(value as number);
  if (name === 'addresses') return (value as readonly string[]).map(shownAddress).join(', ');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function shownBytes(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${Number((bytes / MIB).toFixed(1))} MiB`;
}

/** One address, or all of a domain: `*@example.com`. */
function shownAddress(pattern: string): string {
  return pattern.startsWith('*@') ? `everybody at ${pattern.slice(2)}` : pattern;
}
