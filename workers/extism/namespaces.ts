// Namespaces between a guest, the kernel and the glue around it.

/** What guests import; the kernel provides it. */
export const ENV = 'extism:host/env';
/** What the kernel imports; `kernel-imports.ts` provides it. */
export const KERNEL_NAMESPACE = 'cloche:host';
