// As much of a custom elements manifest as is read and written here: https://github.com/webcomponents/custom-elements-manifest

export interface Manifest {
  readonly schemaVersion: string;
  readonly modules: readonly ManifestModule[];
}

export interface ManifestModule {
  readonly kind: 'javascript-module';
  readonly path: string;
  readonly declarations: readonly ElementDeclaration[];
  readonly exports: readonly Export[];
}

export interface Export {
  readonly kind: 'js' | 'custom-element-definition';
  readonly name: string;
  readonly declaration: { readonly name: string; readonly module?: string };
}

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
}

export interface Attribute extends Named {
  readonly fieldName?: string;
}

export interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly static?: boolean;
  readonly readonly?: boolean;
}

/** A class; of an element where it has a `tagName`. */
export interface Declaration {
  readonly kind: string;
  readonly name: string;
  readonly description?: string;
  readonly tagName?: string;
  readonly members?: readonly Member[];
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly Named[];
  readonly slots?: readonly Named[];
  readonly cssProperties?: readonly Named[];
  readonly cssParts?: readonly Named[];
}

/** The class of an element. */
export interface ElementDeclaration extends Declaration {
  readonly tagName: string;
}
