// What is used of the analyzer: its own declarations leave these out.

declare module '@custom-elements-manifest/analyzer' {
  /** TypeScript's own interface, in the version that the analyzer reads with. */
  export const ts: {
    readonly ScriptTarget: { readonly Latest: number };
    createSourceFile(name: string, text: string, target: number, setParentNodes: boolean): SourceFile;
  };
  interface SourceFile {
    readonly fileName: string;
  }
  export function create(given: {
    readonly modules: readonly SourceFile[];
    readonly plugins: readonly object[];
    readonly context: object;
  }): {
    readonly schemaVersion: string;
    readonly modules: readonly Analyzed[];
  };
  type Analyzed = Omit<import('./schema.ts').ManifestModule, 'declarations'> & {
    readonly declarations: readonly import('./schema.ts').Declaration[];
  };
}

declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  export function litPlugin(): readonly object[];
}
