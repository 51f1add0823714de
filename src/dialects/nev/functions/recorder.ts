// Commands as they are run, kept under the name of a register.

export interface RecordedCommand {
  readonly name: string;
  readonly args: string;
}

/** Of one recording. */
const MOST_COMMANDS = 1_000;

export class Recorder {
  readonly #recording = new Map<string, RecordedCommand[]>();
  readonly #recorded = new Map<string, readonly RecordedCommand[]>();
  #replaying = 0;

  get isReplaying(): boolean {
    return this.#replaying > 0;
  }

  isRecording(register: string): boolean {
    return this.#recording.has(register);
  }

  start(register: string): void {
    this.#recording.set(register, []);
  }

  stop(register: string): void {
    const recorded = this.#recording.get(register);
    if (recorded) this.#recorded.set(register, recorded);
    this.#recording.delete(register);
  }

  /** A command was run. One that is replayed is not recorded again. */
  ran(command: RecordedCommand): void {
    if (this.isReplaying) return;
    for (const recording of this.#recording.values()) if (recording.length < MOST_COMMANDS) recording.push(command);
  }

  /** One after the other, in their order. */
  async replay(register: string, run: (command: RecordedCommand) => Promise<void>): Promise<void> {
    this.#replaying++;
    try {
      for (const command of this.#recorded.get(register) ?? []) await run(command);
    } finally {
      this.#replaying--;
    }
  }
}
