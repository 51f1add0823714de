// How much of its surroundings a guest finds by its imports, the least first.

/** How much of its WASI: nothing, what it needs to run at all, or whatever Cloche has. */
export const WASI_MODES = ['none', 'reduced', 'full'] as const;
export type WasiMode = (typeof WASI_MODES)[number];

/** Its clocks: they stand at 0 and pass only what it sleeps; they are those of the page in whole seconds; they are those. */
export const CLOCK_MODES = ['none', 'coarse', 'real'] as const;
export type ClockMode = (typeof CLOCK_MODES)[number];
