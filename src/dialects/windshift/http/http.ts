// Requests in Windshift's form: its admin API, and the routes and assets of plugins below it.

import type { HttpForm, SiteRequest } from '../../../extensions/context.ts';
import { belowPlugins, pluginPath } from '../../../extensions/plugin-path.ts';
import { answerHostRoute } from './admin-api.ts';
import { answerOwnPage, answerPlugin } from './plugin-routes.ts';
import { errorAnswer, textAnswer } from './responses.ts';
import { routeAnswer } from './route-answer.ts';
import { routeInput } from './route-input.ts';

const HANDLER = 'handle_request';

/** HEAD goes where GET is taken, as in Go. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

export const http: HttpForm = {
  route: async (request, { id }, path) => ({
    export: HANDLER,
    input: await routeInput(request, id, path),
    answer: routeAnswer,
  }),
  page: answerOwnPage,
  site: answerSite,
};

/** The host's own routes come first, then those of plugins. */
async function answerSite({ host, request, claims, form, say }: SiteRequest): Promise<Response> {
  const below = belowPlugins(new URL(request.url));
  if (below === undefined) return textAnswer(404, '404 page not found');
  if (host.disabled) return errorAnswer(403, 'PLUGINS_DISABLED', 'Plugin system is disabled');
  const target = pluginPath(below);
  if (!target) return textAnswer(400, '400 Bad Request');
  const own = await answerHostRoute(host, request, target, form);
  if (own) return own;
  if (target.name === '' || !METHODS.has(request.method)) return textAnswer(405, 'Method Not Allowed');
  const { name, path = '/' } = target;
  return answerPlugin({ plugin: host.get(name), name, request, claims, path, say });
}
