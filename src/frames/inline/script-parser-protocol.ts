// What is asked of the worker that reads scripts, and what it answers.

import type { Edit } from './edits.ts';
import type { FoundImport } from './imports.ts';
import type { ScriptKind } from './rewrite-location.ts';

export type ParseRequest =
  | { readonly find: 'location'; readonly source: string; readonly kind: ScriptKind; readonly mostEdits: number }
  | { readonly find: 'imports'; readonly source: string };

export type ParseAnswer<T = Edit[] | FoundImport[]> = { readonly found: T } | { readonly problem: string };
