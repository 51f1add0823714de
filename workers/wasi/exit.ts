/** `proc_exit`: unwinds the guest, which runs nothing more. */
export class ProcExit extends Error {
  constructor(readonly code: number) {
    super(`exit with exit code ${code}`);
  }
}
