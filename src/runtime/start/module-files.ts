// The modules of a plugin, as whoever keeps them hands them to its runner.

export interface ModuleFiles {
  /** By SHA-256. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Whether nobody else holds these bytes, so that they may be handed over to a worker. */
  readonly areOwn: boolean;
  /** What is stored of their imports and exports, by SHA-256: as hostile as anything stored, and only an assumption. */
  readonly facts: ReadonlyMap<string, unknown>;
}
