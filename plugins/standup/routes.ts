// Which request goes where. The host hears of the same list through `get_routes`.

import { addEntry, listEntries, removeEntry } from './entries';
import { Reply, Request, refusal } from './http';
import { fields, Json, list, text } from './json';
import { changeSettings, showSettings } from './settings';
import { listSuggestions } from './suggestions';
import { sendSummary } from './summary';

class Route {
  constructor(
    readonly method: string,
    /** A `*` at its end stands for any rest. */
    readonly path: string,
    readonly description: string,
    readonly answer: (request: Request) => Reply,
  ) {}

  isAt(path: string): bool {
    return this.path.endsWith('*') ? path.startsWith(this.path.slice(0, -1)) : path === this.path;
  }
}

const ROUTES: Route[] = [
  new Route('GET', '/entries', 'The stand-up of ?day=, or of today', listEntries),
  new Route('POST', '/entries', "Adds an entry, or replaces the author's own of that day", addEntry),
  new Route('DELETE', '/entries/*', 'Removes the entry /entries/<day>/<id>', removeEntry),
  new Route('GET', '/settings', 'Name of the team, and who gets the summary', showSettings),
  new Route('PUT', '/settings', 'Replaces them', changeSettings),
  new Route('GET', '/suggestions', 'Items that changed on ?day=, or today', listSuggestions),
  new Route('POST', '/send', 'Mails the summary of ?day=, or of today', sendSummary),
];

export function answerTo(request: Request): Reply {
  for (let i = 0; i < ROUTES.length; i++) {
    const route = ROUTES[i];
    if (route.method === request.method && route.isAt(request.path)) return route.answer(request);
  }
  return refusal(404, `There is nothing at ${request.method} ${request.path}`);
}

export function describeRoutes(): Json {
  const described = list();
  for (let i = 0; i < ROUTES.length; i++) {
    const route = ROUTES[i];
    described.items.push(
      fields()
        .with('method', text(route.method))
        .with('path', text(route.path))
        .with('description', text(route.description)),
    );
  }
  return fields().with('routes', described);
}
