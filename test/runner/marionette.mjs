import { connect } from 'node:net';

/**
 * Firefox's own remote protocol, as far as a test run needs it: JSON with its length before it, over a socket.
 * Messages are `[0, id, command, parameters]` and are answered by `[1, id, error, result]`.
 */
export class Marionette {
  #next = 1;
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #received = Buffer.alloc(0);
  #socket;

  /** @param {number} port */
  constructor(port) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (data) => this.#receive(data));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('Firefox closed the connection')));
  }

  /**
   * @param {string} command
   * @param {Record<string, unknown>} [parameters]
   * @returns {Promise<any>}
   */
  send(command, parameters = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const text = JSON.stringify([0, id, `WebDriver:${command}`, parameters]);
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {Buffer} data */
  #receive(data) {
    this.#received = Buffer.concat([this.#received, data]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.subarray(0, colon));
      if (colon < 0 || this.#received.length < end) return;
      this.#read(JSON.parse(this.#received.subarray(colon + 1, end).toString()));
      this.#received = this.#received.subarray(end);
    }
  }

  /** @param {unknown} message the first is a greeting, not an answer */
  #read(message) {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`${error.error}: ${error.message}`));
    else waiting?.resolve(result);
  }

  /** @param {Error} error */
  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
