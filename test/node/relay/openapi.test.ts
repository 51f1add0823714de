import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { readRelayConfig } from '../../../demo/relay/config.ts';
import { createRelay } from '../../../demo/relay/relay.ts';
import {
  type Answer,
  EVERYTHING,
  holdingCommand,
  type RelayUnderTest,
  type Sending,
  startRelay,
  testConfig,
  toInit,
} from './relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';
import { startUpstream, type UpstreamUnderTest } from './upstream.ts';

const root = join(import.meta.dirname, '../../..');
const source = readFileSync(join(root, 'docs/relay.openapi.yaml'), 'utf8');

interface ResponseObject {
  readonly $ref?: string;
  readonly headers?: Record<string, { readonly $ref: string }>;
  readonly content: Record<string, unknown>;
}
interface Operation {
  readonly responses: Record<string, ResponseObject>;
}
const document = parse(source) as {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, object>;
};

// The document around the schemas is full of words that JSON Schema does not know.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ ...document, $id: 'relay' });

/** A part of the document by its path, as a schema. */
function schemaAt(...path: string[]) {
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const schema = ajv.getSchema(`relay#/${pointer}`);
  assert.ok(schema, `no schema at ${path.join(' > ')}`);
  return schema;
}

function assertFits(schemaPath: string[], value: unknown): void {
  const schema = schemaAt(...schemaPath);
  assert.ok(schema(value), `${JSON.stringify(value)}: ${ajv.errorsText(schema.errors)}`);
}

/** That the document foresees this answer: its status, media type, headers and body. */
function assertDocumented(path: string, method: string, { status, headers, body }: Answer): void {
  const response = document.paths[path]?.[method]?.responses[status];
  assert.ok(response, `${method} ${path} may not answer ${status}`);
  const at = response.$ref?.slice(2).split('/') ?? ['paths', path, method, 'responses', String(status)];
  const found = at.reduce(
    (node, part) => (node as Record<string, object>)[part] ?? {},
    document as object,
  ) as ResponseObject;
  const type = headers.get('Content-Type')?.split(';')[0] ?? '';
  assert.ok(Object.hasOwn(found.content, type), `${status} may not have the type ${type}`);
  assertFits([...at, 'content', type, 'schema'], body);
  for (const [name, { $ref }] of Object.entries(found.headers ?? {})) {
    const header = document.components.headers as Record<string, { required?: boolean }>;
    const value = headers.get(name);
    if (header[$ref.split('/').at(-1) ?? '']?.required) assert.notEqual(value, null, `${status} needs ${name}`);
    if (name === 'Retry-After' && value !== null) assert.match(value, /^[1-9]\d*$/);
  }
}

describe('docs/relay.openapi.yaml', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(parse(source));
    assert.deepEqual([valid, errors ?? []], [true, []]);
    assert.equal(validator.version, '3.1');
  });

  it('describes the functions that the relay offers, with every problem for each', async () => {
    const statuses = ['200', '400', '401', '403', '404', '409', '413', '422', '429', '500', '503', '504'];
    // Its server is asked for nothing before a transaction is begun.
    const relay = await startRelay({ sql: { url: 'postgres://nobody@127.0.0.1:1/none' } });
    const { body } = await relay.request('/v1/health');
    await relay.end();
    const paths = Object.keys(document.paths).filter((path) => path !== '/v1/health');
    assert.deepEqual(
      paths,
      (body.functions as string[]).map((name) => `/v1/${name}`),
    );
    for (const path of paths) assert.deepEqual(Object.keys(document.paths[path]?.post?.responses ?? {}), statuses);
  });

  it('has examples that fit their own schemas', () => {
    for (const [path, { post }] of Object.entries(document.paths)) {
      const content = post?.responses['200']?.content['application/json'] as {
        examples: Record<string, { value: unknown }>;
      };
      for (const { value } of Object.values(content?.examples ?? {})) {
        assertFits(['paths', path, 'post', 'responses', '200', 'content', 'application/json', 'schema'], value);
      }
    }
  });
});

describe("the relay's real answers", () => {
  let relay: RelayUnderTest;
  let smtp: SmtpSink;
  let upstream: UpstreamUnderTest;
  before(async () => {
    smtp = await startSmtpSink();
    upstream = await startUpstream({ '/': (_, response) => response.writeHead(201, { 'X-A': 'b' }).end('made') });
    const [caller] = (await testConfig()).callers;
    const grant = { ...EVERYTHING, commands: ['node'], http: { allow: [upstream.url(''), 'http://127.0.0.2'] } };
    const slow = { comments: EVERYTHING.comments, rate: { perMinute: 1, burst: 1 } };
    relay = await startRelay({
      smtp: { url: smtp.url },
      limits: { bodyBytes: 4_096, inFlight: 2 },
      innerHosts: [upstream.url('')],
      commands: { node: { program: process.execPath, workingDir: '.', argPattern: '[^]*' } },
      repositories: { 1: { name: 'acme/app', path: 'nowhere' } },
      callers: [{ ...caller, plugins: { standup: grant, slow } }],
    });
  });
  after(async () => {
    await relay.end();
    await smtp.close();
    await upstream.close();
  });

  const mail = { to: ['ann@example.com'], subject: 'Hi', text: 'Hello' };
  const node = (script: string) => ({ command: 'node', args: ['-e', script] });
  const comment = { item_id: 1, author_id: 7, content: 'Hello' };
  const branch = { workspace_repository_id: 1, branch_name: 'x' };
  const link = { item_id: 1, workspace_repository_id: 1, link_type: 'branch', external_id: 'x' };

  for (const [fn, args, sending, status] of [
    ['smtp_send', mail, {}, 200],
    ['smtp_send', { ...mail, to: null }, {}, 200],
    ['smtp_send', { ...mail, to: ['x\r\ny'] }, {}, 200],
    ['smtp_send', { ...mail, to: ['eve@evil.example'] }, {}, 403],
    ['cli_exec', node('1'), {}, 200],
    ['cli_exec', node('process.exit(3)'), {}, 200],
    ['cli_exec', {}, {}, 200],
    ['cli_exec', { ...node('setInterval(() => {}, 9)'), timeout_ms: 500 }, { deadlineMs: 30_000 }, 200],
    ['cli_exec', { command: 'rm' }, {}, 403],
    ['create_comment', comment, {}, 200],
    ['create_comment', { ...comment, item_id: 99 }, {}, 200],
    ['scm_create_branch', branch, {}, 200],
    ['scm_create_item_link', link, {}, 200],
    ['scm_create_item_link', { ...link, link_type: 'tag' }, {}, 200],
    ['create_comment', comment, { token: null }, 401],
    ['create_comment', comment, { token: 'wrong' }, 401],
    ['create_comment', comment, { key: null }, 400],
    ['create_comment', comment, { body: '{' }, 400],
    ['create_comment', comment, { headers: { Origin: 'https://evil.example' } }, 403],
    ['create_comment', comment, { plugin: { id: 'stranger', version: '1' } }, 403],
    ['create_comment', { ...comment, content: 'x'.repeat(5_000) }, {}, 413],
  ] as const satisfies readonly (readonly [string, object, Sending, number])[]) {
    it(`fit: ${status} of ${fn} with ${JSON.stringify(sending)} and ${JSON.stringify(args).slice(0, 80)}`, async () => {
      const answer = await relay.call(fn, args, sending);
      assert.equal(answer.status, status);
      assertDocumented(`/v1/${fn}`, 'post', answer);
      if (status === 200) {
        const { body } = toInit(fn, args, sending);
        assertFits(
          ['paths', `/v1/${fn}`, 'post', 'requestBody', 'content', 'application/json', 'schema'],
          JSON.parse(String(body)),
        );
      }
    });
  }

  it('fit: what http_fetch has got, and why it has got nothing', async () => {
    const path = '/v1/http_fetch';
    const within = [{ allow: ['http://127.0.0.1', upstream.url('')], methods: ['GET', 'POST'] }];
    const request = { method: 'POST', headers: { 'X-A': 'b' }, body: 'eA==', timeout_ms: 4_000, within };
    for (const [args, status] of [
      [{ url: upstream.url('/') }, 200],
      [{ ...request, url: upstream.url('/') }, 200],
      [{ url: upstream.url('/missing') }, 200],
      [{ url: 'http://127.0.0.2/' }, 200],
      [{ url: upstream.url('/'), headers: { A: '{{secret:a}}' } }, 200],
      [{ url: 'https://evil.example/' }, 403],
      [{ ...request, url: upstream.url('/'), method: 'PUT' }, 403],
      [{ url: 'ftp://a.example/' }, 400],
      [{}, 400],
    ] as const) {
      const answer = await relay.call('http_fetch', args);
      assert.equal(answer.status, status, answer.text);
      assertDocumented(path, 'post', answer);
      const { body } = toInit('http_fetch', args, {});
      assertFits(
        ['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema'],
        JSON.parse(String(body)),
      );
    }
  });

  it('fit: health', async () => {
    assertDocumented('/v1/health', 'get', await relay.request('/v1/health'));
    const headers = { Origin: 'https://evil.example' };
    assertDocumented('/v1/health', 'get', await relay.request('/v1/health', { headers }));
  });

  it('fit: key_reused', async () => {
    const key = crypto.randomUUID();
    await relay.call('create_comment', comment, { key });
    const answer = await relay.call('create_comment', { ...comment, content: 'Other' }, { key });
    assert.equal(answer.status, 422);
    assertDocumented('/v1/create_comment', 'post', answer);
  });

  it('fit: in_progress, deadline and outcome_unknown', async () => {
    smtp.behave = { holdMs: 300 };
    const key = crypto.randomUUID();
    const late = await relay.call('smtp_send', mail, { key, deadlineMs: 150 });
    const running = await relay.call('smtp_send', mail, { key });
    smtp.behave = { hangUpAfterText: true };
    const unknown = await relay.call('smtp_send', mail);
    smtp.behave = {};
    const answers = [late, running, unknown];
    assert.deepEqual(
      answers.map(({ body }) => body.code),
      ['deadline', 'in_progress', 'outcome_unknown'],
    );
    for (const answer of answers) assertDocumented('/v1/smtp_send', 'post', answer);
  });

  it('fit: rate_limited', async () => {
    const plugin = { id: 'slow', version: '1' };
    await relay.call('create_comment', comment, { plugin });
    const answer = await relay.call('create_comment', comment, { plugin });
    assert.equal(answer.status, 429);
    assertDocumented('/v1/create_comment', 'post', answer);
  });

  it('fit: unavailable', async () => {
    const held = [holdingCommand(relay.folder), holdingCommand(relay.folder)];
    const running = Promise.all(held.map(({ script }) => relay.call('cli_exec', node(script), { deadlineMs: 30_000 })));
    await Promise.all(held.map(({ begun }) => begun()));
    const answer = await relay.call('cli_exec', node('1'));
    for (const { release } of held) release();
    await running;
    assert.equal(answer.status, 503);
    assertDocumented('/v1/cli_exec', 'post', answer);
  });

  it('fit: a function that is not offered, and a fault of the relay, of which only the operator hears more', async () => {
    const { callers } = await testConfig();
    const [caller] = callers;
    const plugins = { standup: { ...EVERYTHING, commands: ['x'] } };
    const config = readRelayConfig({
      callers: [{ ...caller, plugins }],
      commands: { x: { program: '/x', workingDir: '/' } },
    });
    const reports: unknown[] = [];
    const app = createRelay(config, {
      database: { batch: () => Promise.reject(new Error('not reached')) },
      commands: {
        folder: () => Promise.reject(new Error('secret: /etc/relay')),
        run: () => Promise.reject(new Error('not reached')),
      },
      audit: () => undefined,
      report: (error) => reports.push(error),
    });
    for (const [fn, args, status] of [
      ['smtp_send', mail, 404],
      ['cli_exec', { command: 'x' }, 500],
    ] as const) {
      const response = await app.request(`/v1/${fn}`, toInit(fn, args, {}));
      const text = await response.text();
      assert.equal(response.status, status);
      assertDocumented(`/v1/${fn}`, 'post', { status, headers: response.headers, text, body: JSON.parse(text) });
      assert.ok(!text.includes('secret'));
    }
    assert.match(String(reports[0]), /secret/);
  });
});

describe('the handler', () => {
  it('imports nothing of Node, so that it runs where there is none', () => {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms,
      )) {
        if (from.startsWith('.')) visit(resolve(dirname(file), from));
        else packages.add(from.split('/')[0] ?? '');
      }
    };
    visit(join(root, 'demo/relay/relay.ts'));
    assert.deepEqual([...packages].sort(), ['hono', 'valibot']);
    assert.ok([...seen].every((file) => !file.includes('/relay/node/')));
    assert.ok(seen.size > 20);
  });
});
