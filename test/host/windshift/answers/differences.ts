// Where Cloche answers otherwise than Windshift's own plugin manager, and why: `docs/contracts/windshift.md` has the same as a table.

import type { Answer } from './scenarios.ts';

/** A pattern where engines have words of their own. */
type Expected = readonly [status: number, body: string | RegExp, headers: Answer[2]];

interface Difference {
  readonly why: string;
  readonly ours: Readonly<Record<string, Expected>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

const text = (status: number, body: string | RegExp): Expected => [
  status,
  typeof body === 'string' ? `${body}\n` : body,
  TEXT_TYPE,
];
const invalid = (error: string): Expected => [400, `${JSON.stringify({ error, code: 'INVALID_INPUT' })}\n`, JSON_TYPE];
const failed = (details: string): Expected => [
  500,
  `${JSON.stringify({ error: 'Internal server error', code: 'INTERNAL_ERROR', details })}\n`,
  JSON_TYPE,
];
const outOfRange = (status: number): Expected =>
  text(502, `Plugin error: it answered with status ${status}, and an answer has one from 200 to 599`);
const called = (rest: string): Expected => text(500, `Plugin error: failed to call plugin handler: ${rest}`);
const trapped = (plugin: string, why: string, frames: number): Expected =>
  text(
    500,
    new RegExp(
      `^Plugin error: failed to call plugin handler: Export \`handle_request\` of plugin "${plugin}" failed: .*${why}.*` +
        // WebKit tells no frames.
        `(?:\nwasm stack trace:(?:\n\t\\S.*){${frames}})?\n$`,
    ),
  );

export const DIFFERENCES: readonly Difference[] = [
  {
    why: 'A plugin is known by its own name, whatever its manifest says of `pluginName`.',
    ours: {
      'lists: GET ': [
        200,
        '[{"id":1,"name":"mirror","version":"1.0.0","description":"Shows \\u003cwhat\\u003e it \\u0026 others see",' +
          '"author":"somebody","enabled":true,"routes":[{"description":"its input","method":"","path":"/echo*"},' +
          '{"description":"","method":"POST","path":"/answer"},{"description":"","method":"POST","path":"/call/*"},' +
          '{"description":"","method":"get","path":"/lower"},{"description":"","method":"","path":"/caf\u00e9"}],' +
          '"extensions":[{"point":"admin.tab","id":"tab","label":"Tab \\u003c1\\u003e","description":"","icon":"code",' +
          '"component":"page.html","styles":"page.css","group":"Tools","order":2,"pluginName":"mirror"},' +
          '{"point":"nobody.has-it","id":"panel","label":"Panel","description":"beside","component":"","pluginName":"mirror"}],' +
          '"installed_at":"2026-01-01T00:00:00Z"}]\n',
        JSON_TYPE,
      ],
    },
  },
  {
    why: 'A path that climbs once it is decoded is refused before anybody looks for it.',
    ours: { 'assets: GET /mirror/assets/..%2fmanifest.json': text(400, '400 Bad Request') },
  },
  {
    why: 'A byte that is not UTF-8 reaches the plugin as the same character, not escaped.',
    ours: {
      'routes: GET /mirror/echo?%C3%A9=%ff': [
        200,
        '{"method":"GET","path":"/echo","headers":{},"body":"","query":{"\u00e9":"\ufffd"},"params":{"plugin":"mirror"}}',
        JSON_TYPE,
      ],
    },
  },
  {
    why: 'A `Response` has no other status, and a connection that could break there is none.',
    ours: {
      'answers: POST /mirror/answer {"statusCode":99}': outOfRange(99),
      'answers: POST /mirror/answer {"statusCode":600,"body":"x"}': outOfRange(600),
      'answers: POST /mirror/answer {"statusCode":1000}': outOfRange(1000),
    },
  },
  {
    why: 'Requests go where they are granted, and an address of the machine itself is in no wildcard.',
    ours: {
      'http_fetch: POST /mirror/call/http_fetch {"url":"http://127.0.0.1:1/"}': [
        200,
        JSON.stringify({
          status: 502,
          body: btoa(
            "No entry of its grant covers http://127.0.0.1:1; `{ http: { allow: ['http://127.0.0.1:1'] } }` would allow it",
          ),
        }),
        JSON_TYPE,
      ],
    },
  },
  {
    why: 'Engines name a trap in their own words; the frames are those that they tell.',
    ours: {
      'failures: GET /is-unreachable/x': trapped('is-unreachable', '[Uu]nreachable', 2),
      'failures: GET /divides-by-zero/x': trapped('divides-by-zero', '[Dd]i\\w+ by zero', 1),
    },
  },
  {
    why: 'The text is ours: it says which types can be called.',
    ours: {
      'failures: GET /has-a-parameter/x': called(
        'Export `handle_request` of plugin "has-a-parameter" is a function of type (i32) -> i32; only () -> i32 and () -> () can be called',
      ),
    },
  },
  {
    why: 'A code to exit with is told as one that was returned.',
    ours: { 'failures: GET /exits-with-7/x': called('plugin returned non-zero status: 7') },
  },
  {
    why: 'A plugin that cannot start is not installed, and who uploads it hears why.',
    ours: {
      'failures: POST /upload a plugin named "does-not-start"': [
        400,
        /^\{"error":"Starting plugin \\"does-not-start\\" failed: .*[Uu]nreachable.*","code":"INVALID_INPUT"\}\n$/,
        JSON_TYPE,
      ],
      'failures: GET /does-not-start/x': text(404, 'Plugin not found: does-not-start'),
      'failures: POST /upload a plugin named "wants-more"': [
        400,
        /^\{"error":"Starting plugin \\"wants-more\\" failed: imports that cannot be provided: `extism:host\/user` `item_upsert` /,
        JSON_TYPE,
      ],
      'failures: GET /wants-more/x': text(404, 'Plugin not found: wants-more'),
    },
  },
  {
    why: 'Who uploads hears what is wrong with the package, as an error of the request.',
    ours: {
      'uploads: POST /upload a zip that is none': invalid(
        'The source is not a WebAssembly module, a zip package or a JSON manifest (it starts with "x")',
      ),
      'uploads: POST /upload a module and nonsense': invalid(
        'Expected `manifest` to be an object or JSON text, got "nonsense"',
      ),
      'uploads: POST /upload a plugin named ""': invalid('`name` is refused: plugin name must not be empty'),
      'uploads: POST /upload a plugin named "../x"': invalid(
        "`name` is refused: invalid plugin name: must not contain path separators or '..'",
      ),
      'uploads: POST /upload a plugin named "a/b"': invalid(
        "`name` is refused: invalid plugin name: must not contain path separators or '..'",
      ),
      'uploads: POST /upload a plugin named "a b"': invalid(
        '`name` is refused: invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores',
      ),
      'uploads: POST /upload a plugin named 7': invalid(
        'The manifest cannot be read: json: cannot unmarshal number into Go struct field Manifest.name of type string',
      ),
    },
  },
  {
    why: 'A zip with one module in it is that module, as everywhere else in Cloche.',
    ours: {
      'uploads: POST /upload a zip without a manifest': [
        200,
        '{"message":"Plugin uploaded successfully","status":"success"}\n',
        JSON_TYPE,
      ],
    },
  },
  {
    why: 'An admin hears why it failed.',
    ours: {
      'switches: PUT /nobody/toggle {"enabled":true}': failed('plugin nobody not found'),
      'switches: POST /nobody/reload': failed('plugin nobody not found'),
      'switches: DELETE /mirror (2)': failed('plugin mirror not found'),
    },
  },
  {
    why: 'The header `Allow` is left out, which no page asks for.',
    ours: { 'methods: PATCH ': text(405, 'Method Not Allowed') },
  },
];
