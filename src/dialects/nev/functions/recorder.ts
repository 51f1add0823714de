// Commands as they are run, kept under the name of a register.

import { ClocheError } from '../../../errors.ts';

export interface RecordedCommand {
  readonly name: string;
  readonly args: string;
}

interface Recording {
  readonly commands: RecordedCommand[];
  /** Of its texts, in UTF-16 units. */
  length: number;
}

/** Of one recording. */
const MOST_COMMANDS = 1_000;
const MOST_REGISTERS = 256;
/** All together, in UTF-16 units. */
const MOST_TEXT = 16 << 20;

export class Recorder {
  readonly #recording = new Map<string, Recording>();
  readonly #recorded = new Map<string, Recording>();
  #replaying = 0;

  get isReplaying(): boolean {
    return this.#replaying > 0;
  }

  isRecording(register: string): boolean {
    return this.#recording.has(register);
  }

  /** @throws {ClocheError} QUOTA_EXCEEDED */
  start(register: string): void {
    const registers = new Set([...this.#recording.keys(), ...this.#recorded.keys(), register]);
    if (registers.size > MOST_REGISTERS || this.#length + register.length > MOST_TEXT) {
      throw new ClocheError(
        'QUOTA_EXCEEDED',
        `commands are recorded in at most ${MOST_REGISTERS} registers, of ${MOST_TEXT} characters`,
      );
    }
    this.#recording.set(register, { commands: [], length: register.length });
  }

  stop(register: string): void {
    const recorded = this.#recording.get(register);
    if (recorded) this.#recorded.set(register, recorded);
    this.#recording.delete(register);
  }

  /** A command was run. One that is replayed is not recorded again, and one that there is no room for neither. */
  ran(command: RecordedCommand): void {
    if (this.isReplaying) return;
    const length = command.name.length + command.args.length;
    for (const recording of this.#recording.values()) {
      if (recording.commands.length >= MOST_COMMANDS || this.#length + length > MOST_TEXT) continue;
      recording.commands.push(command);
      recording.length += length;
    }
  }

  /** One after the other, in their order. */
  async replay(register: string, run: (command: RecordedCommand) => Promise<void>): Promise<void> {
    this.#replaying++;
    try {
      for (const command of this.#recorded.get(register)?.commands ?? []) await run(command);
    } finally {
      this.#replaying--;
    }
  }

  get #length(): number {
    return [...this.#recording.values(), ...this.#recorded.values()].reduce((sum, { length }) => sum + length, 0);
  }
}
