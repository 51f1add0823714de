// The elements in JSX, for React 18.2 and later:
//   import type {} from 'cloche/react';

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type {} from '../../dist/types/elements/admin/index.js';
import type {} from '../../dist/types/elements/index.js';

/** What React knows of every element, and the properties that this one has of its own. */
type Props<E> = DetailedHTMLProps<HTMLAttributes<E>, E> & Partial<Omit<E, keyof HTMLElement>>;

type Elements = {
  [Name in keyof HTMLElementTagNameMap as Name extends `cloche-${string}` ? Name : never]: Props<
    HTMLElementTagNameMap[Name]
  >;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
