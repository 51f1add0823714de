// The global that the script tag leaves. For pages that load `cloche.js` and are written in TypeScript:
//   /// <reference types="cloche/global" />

import type * as cloche from '../../dist/types/index.js';

declare global {
  const Cloche: typeof cloche;
}
