import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** The path after the route's name. */
  rest: string[];
}

export type Route = (exchange: Exchange) => unknown;
