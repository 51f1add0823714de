// The elements for JSX and for Vue's templates, made from the manifest. Types of properties are looked up in the classes themselves,
// so that they are those of the elements and no text that was read off them.

import type { ElementDeclaration, Manifest } from './schema.ts';

const TYPES = new Map([
  ['dist/package/elements.js', '../types/elements/index.js'],
  ['dist/package/admin.js', '../types/elements/admin/index.js'],
  ['dist/package/palette.js', '../types/elements/palette/index.js'],
  ['dist/package/tasks.js', '../types/elements/tasks/index.js'],
  ['dist/package/databases.js', '../types/elements/databases/index.js'],
]);

export function reactTypings(manifest: Manifest): string {
  return `// The elements in JSX, for React 19 and later:
//   import type {} from 'cloche/react';

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
${importsOf(manifest)}
/** What React knows of every element, and what this one has of its own. */
type Props<E extends HTMLElement, Own extends keyof E, Also> =
  DetailedHTMLProps<Omit<HTMLAttributes<E>, Own>, E> & Partial<Pick<E, Own>> & Partial<Also>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elementsOf(manifest)
  .map(
    (element) =>
      `      '${element.tagName}': Props<${[element.name, propertyNames(element), also(element)].join(', ')}>;`,
  )
  .join('\n')}
    }
  }
}
`;
}

/** Attributes that are called otherwise than their property, and events as React has them: `on` and the name as it is. */
function also({ name: type, attributes = [], events = [] }: ElementDeclaration): string {
  const others = attributes.filter(({ name, fieldName }) => fieldName !== undefined && fieldName !== name);
  return record([
    ...others.map(({ name, fieldName }) => [name, `${type}['${fieldName}']`] as const),
    ...events.map((event) => [`on${event.name}`, `(event: ${event.type?.text}) => void`] as const),
  ]);
}

export function vueTypings(manifest: Manifest): string {
  return `// The elements in templates of Vue 3:
//   import type {} from 'cloche/vue';

import type { HTMLAttributes } from 'vue';
${importsOf(manifest)}
/** An element with its properties and events, as a template has them. */
type VueElement<E extends HTMLElement, Own extends keyof E, Events> = new () => E & {
  readonly $props: Omit<HTMLAttributes, Own> & Partial<Pick<E, Own>> & {
    readonly [Name in keyof Events & string as \`on\${Capitalize<Name>}\`]?: (event: Events[Name]) => void;
  };
  readonly $emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => void;
};

declare module 'vue' {
  interface GlobalComponents {
${elementsOf(manifest)
  .map(
    (element) =>
      `    '${element.tagName}': VueElement<${[element.name, propertyNames(element), events(element)].join(', ')}>;`,
  )
  .join('\n')}
  }
}
`;
}

function events({ events = [] }: ElementDeclaration): string {
  return record(events.map(({ name, type }) => [name, type?.text ?? ''] as const));
}

function record(entries: readonly (readonly [name: string, type: string])[]): string {
  if (entries.length === 0) return 'unknown';
  return `{ ${entries.map(([name, type]) => `'${name}': ${type}`).join('; ')} }`;
}

function elementsOf({ modules }: Manifest): readonly ElementDeclaration[] {
  return modules.flatMap(({ declarations }) => declarations);
}

function importsOf({ modules }: Manifest): string {
  return modules
    .map(({ path, exports }) => {
      const names = exports.filter(({ kind }) => kind === 'js').map(({ name }) => name);
      return `import type { ${names.sort().join(', ')} } from '${TYPES.get(path)}';\n`;
    })
    .join('');
}

/** Those that can be set in markup: what begins with `on` is a listener to both React and Vue. */
function propertyNames({ members = [] }: ElementDeclaration): string {
  const isSet = ({ kind, readonly, name }: (typeof members)[number]): boolean =>
    kind === 'field' && !readonly && !name.startsWith('on');
  return (
    members
      .filter(isSet)
      .map(({ name }) => `'${name}'`)
      .join(' | ') || 'never'
  );
}
