// Part of `npm run lint`: imports go one way, no file outside a system's own folder names that system, folders stay small.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from './setup.mjs';

/** From the bottom up: each imports only what stands before it, and itself. */
const LAYERS = [
  'src/errors.ts',
  'src/util/',
  'src/error-help/',
  'src/limits.ts',
  'src/files/',
  'src/database/',
  'src/secrets/',
  'src/runtime/',
  'src/events.ts',
  'src/manifest/',
  'src/relay/',
  'src/sql/',
  'src/capabilities/',
  'src/permissions/',
  'src/audit/',
  'src/config/',
  'src/trust/',
  'src/package/',
  'src/catalogs/',
  'src/registry/',
  'src/usage/',
  'src/bisect/',
  'src/extensions/',
  'src/tasks/',
  'src/frames/',
  'src/dialects/',
  'src/options.ts',
  'src/host/',
  'src/index.ts',
];

/** Folders that import of `src/` and `workers/` only these, wherever they stand. */
const ONLY = new Map([
  // A bundle of its own: the host must not come along.
  // What is taken over from a server comes late, and brings no host either.
  ['src/elements/admin/take-over/', ['src/elements/', 'src/errors.ts', 'src/util/', 'src/dialects/take-over/']],
  ['src/elements/', ['src/elements/', 'src/errors.ts', 'src/events.ts', 'src/util/', 'src/manifest/', 'src/frames/']],
  // The other side of the wire.
  ['workers/', ['workers/', 'src/errors.ts', 'src/files/', 'src/runtime/wire/']],
]);

/** They know the host by the types of its face: itself it must not come along. */
const ADMIN = 'src/elements/admin/';
const FACE = 'src/index.ts';

/** Other programs, which are built into these as text. */
const AS_TEXT = /\?(?:source|pieces)$/;

/** As a word, and within names such as `isNevFile`, `NEV_FILE`; not as a part of another word, such as "never". */
const SYSTEMS =
  /(?<![A-Za-z])(?:extism|windshift|windmill|nev)(?![a-z])|(?:Extism|Windshift|Windmill|Nev)(?![a-z])|(?<![A-Z])(?:EXTISM|WINDSHIFT|WINDMILL|NEV)(?![A-Z])/;
/** Their own folders. */
const HOMES = ['src/dialects/', 'workers/extism/', 'workers/nev/'];
/** Files elsewhere that name one, each with why. */
const NAMING = new Map([
  ['src/index.ts', 'the face, which exports what apps call of a system'],
  ['src/runtime/wire/host-namespace.ts', 'the namespace in which guests of several systems look for host functions'],
  ['workers/guests.ts', 'the list of what workers can run'],
  ['src/elements/admin/words/de/take-over.ts', 'words for people: from which server they take over'],
  ['src/elements/admin/words/en/take-over.ts', 'words for people: from which server they take over'],
]);

const MOST_FILES = 16;
const MOST_AT_ROOT = 6;

const files = ['src', 'workers'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.[a-z]+$/.test(name)),
);
const problems = [...files.filter((file) => file.endsWith('.ts')).flatMap(problemsIn), ...largeFolders()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** @param {string} file */
function problemsIn(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [];
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
    const target = posix.join(posix.dirname(file), specifier.replace(/\?.*/, ''));
    if (AS_TEXT.test(specifier) || isTypeOfFace(text, file, specifier, target)) continue;
    if (!mayImport(file, target)) found.push(`${file}: must not import ${target}`);
  }
  const [name] = HOMES.some((home) => file.startsWith(home)) ? [] : (SYSTEMS.exec(text) ?? []);
  if (name && !NAMING.has(file)) found.push(`${file}: names ${name}, which belongs into ${HOMES.join(' or ')}`);
  if (!name && NAMING.has(file)) found.push(`${file}: names no system, so it need not be among the files that do`);
  return found;
}

/**
 * @param {string} text
 * @param {string} file
 * @param {string} specifier
 * @param {string} target
 */
function isTypeOfFace(text, file, specifier, target) {
  const isType = new RegExp(`(?:import|export) type \\{[^}]*\\} from '${specifier.replaceAll('.', '\\.')}'`).test(text);
  return isType && file.startsWith(ADMIN) && target === FACE;
}

/**
 * @param {string} file
 * @param {string} target
 */
function mayImport(file, target) {
  const only = [...ONLY].find(([folder]) => file.startsWith(folder))?.[1];
  if (only) return only.some((allowed) => target.startsWith(allowed));
  return layerOf(target) >= 0 && layerOf(target) <= layerOf(file);
}

/** @param {string} file */
function layerOf(file) {
  return LAYERS.findIndex((layer) => file.startsWith(layer));
}

function largeFolders() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of files) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  return [...counts].flatMap(([folder, count]) => {
    const most = folder === 'src' ? MOST_AT_ROOT : MOST_FILES;
    return count > most ? [`${folder}/: has ${count} files, of at most ${most}`] : [];
  });
}
