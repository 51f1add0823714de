import { assert } from 'chai';
import {
  goBool,
  goBytes,
  goInt,
  goJsonPieces,
  goList,
  goMap,
  goString,
  goStruct,
  JsonError,
  readGoJson,
  writeGoJson as writeWithPauses,
} from '../../../../src/dialects/windshift/go/json.ts';
import { jsonValueSteps } from '../../../../src/util/json/json-value.ts';
import { atOnce } from '../../../../src/util/pauses.ts';

const Route = goStruct('plugins.Route', { method: goString, n: goInt });
const Request = goStruct('plugins.Request', {
  command: goString,
  args: goList(goString),
  env: goMap(goString),
  timeout_ms: goInt,
  body: goBytes,
  ok: goBool,
  routes: goList(Route),
});

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => {
  const value = atOnce(jsonValueSteps(encode(text)));
  return value.kind === 'null' ? Request.zero() : Request.read(value, '');
};
const writeGoJson = (value: unknown) => atOnce(goJsonPieces(value)).join('');

function errorOf(text: string): string {
  try {
    read(text);
  } catch (thrown) {
    if (thrown instanceof JsonError) return thrown.message;
    throw thrown;
  }
  return '';
}

describe('readGoJson', () => {
  it('reads every type, and gives zero values for what is absent', () => {
    const text =
      '{"command":"ls","args":["-l",null],"env":{"b":"1","a":null},"timeout_ms":-5,"body":"eyJh\\nIjoxfQ==","ok":true}';
    const { env, body, ...others } = read(text);
    assert.deepEqual(others, { command: 'ls', args: ['-l', ''], timeout_ms: -5, ok: true, routes: [] });
    assert.deepEqual(
      [...env],
      [
        ['b', '1'],
        ['a', ''],
      ],
    );
    assert.equal(new TextDecoder().decode(body), '{"a":1}');
    assert.deepEqual(read('{"routes":[{"METHOD":"GET","n":3},null]}').routes, [
      { method: 'GET', n: 3 },
      { method: '', n: 0 },
    ]);
  });

  const commands: [json: string, command: string][] = [
    ['null', ''],
    [' \t\r\n{}\n', ''],
    ['{"Command":"a"}', 'a'],
    ['{"COMMAND":"a","command":"b"}', 'b'],
    ['{"command":"a","Command":"b"}', 'b'],
    ['{"command":"a","command":null}', 'a'],
    ['{"command":"a","unknown":[{"command":"b"}]}', 'a'],
    ['{"__proto__":{"command":"b"},"constructor":1}', ''],
    ['{"command":"\\ud83d\\ude00"}', '😀'],
    ['{"command":"\\ud800"}', '\ufffd'],
    ['{"command":"a\\u0000\\b\\f\\n\\r\\t\\/\\"\\\\"}', 'a\u0000\b\f\n\r\t/"\\'],
  ];
  for (const [json, command] of commands) {
    it(`reads ${json} as ${JSON.stringify(command)}`, () => assert.equal(read(json).command, command));
  }

  it('matches the long s and the Kelvin sign, as Unicode folds them', () => {
    assert.deepEqual(read('{"arg\u017f":["a"],"o\u212a":true}').args, ['a']);
    assert.isTrue(read('{"o\u212a":true}').ok);
  });

  // Recorded from `json.Unmarshal` of Go 1.26.
  const errors: [json: string, message: string][] = [
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['"abc', 'unexpected end of JSON input'],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
    ["'x'", "invalid character '\\'' looking for beginning of value"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['{,}', "invalid character ',' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":"\n"}', "invalid character '\\n' in string literal"],
    ['{"a":"\u0001"}', "invalid character '\\x01' in string literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
    ['01', "invalid character '1' after top-level value"],
    ['-', "invalid character ' ' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e+', "invalid character ' ' in exponent of numeric literal"],
    ['nulx', "invalid character 'x' in literal null (expecting 'l')"],
    ['[]', 'json: cannot unmarshal array into Go value of type plugins.Request'],
    ['"x"', 'json: cannot unmarshal string into Go value of type plugins.Request'],
    ['{"command":1}', 'json: cannot unmarshal number into Go struct field Request.command of type string'],
    [
      '{"command":1,"command":"a"}',
      'json: cannot unmarshal number into Go struct field Request.command of type string',
    ],
    ['{"args":"x"}', 'json: cannot unmarshal string into Go struct field Request.args of type []string'],
    ['{"args":[1]}', 'json: cannot unmarshal number into Go struct field Request.args of type string'],
    ['{"env":[]}', 'json: cannot unmarshal array into Go struct field Request.env of type map[string]string'],
    ['{"env":{"a":true}}', 'json: cannot unmarshal bool into Go struct field Request.env of type string'],
    ['{"timeout_ms":1.0}', 'json: cannot unmarshal number 1.0 into Go struct field Request.timeout_ms of type int'],
    ['{"timeout_ms":1e3}', 'json: cannot unmarshal number 1e3 into Go struct field Request.timeout_ms of type int'],
    ['{"routes":[{"n":1.5}]}', 'json: cannot unmarshal number 1.5 into Go struct field Route.routes.n of type int'],
    ['{"ok":0}', 'json: cannot unmarshal number into Go struct field Request.ok of type bool'],
  ];
  for (const [json, message] of errors) {
    it(`says of ${JSON.stringify(json)}: ${message}`, () => assert.equal(errorOf(json), message));
  }

  for (const body of ['x', 'eyJhIjoxfQ=', 'ey Jh', 'ey-_']) {
    it(`refuses ${JSON.stringify(body)} as bytes`, () => {
      assert.match(errorOf(JSON.stringify({ body })), /^illegal base64 data/);
    });
  }

  it('refuses a number that JavaScript would change, where Go has room for it', () => {
    assert.equal(read('{"timeout_ms":9007199254740991}').timeout_ms, Number.MAX_SAFE_INTEGER);
    assert.match(errorOf('{"timeout_ms":9007199254740993}'), /number 9007199254740993 into/);
  });

  it('M9: gives up on depth and on numbers of values before they cost anything', () => {
    const began = performance.now();
    assert.equal(errorOf('['.repeat(1_000_000)), 'exceeded max depth');
    assert.equal(errorOf(`[${'[],'.repeat(330_000)}0]`), 'more than 100000 values');
    assert.isBelow(performance.now() - began, 2_000);
  });
});

describe('writeGoJson', () => {
  it('writes no space, keeps the order of keys, sorts maps, and leaves out what is undefined', () => {
    const headers = new Map([
      ['b', '1'],
      ['a', '2'],
      ['__proto__', '3'],
    ]);
    assert.equal(
      writeGoJson({ status: 200, headers, error: undefined, ok: true }),
      '{"status":200,"headers":{"__proto__":"3","a":"2","b":"1"},"ok":true}',
    );
  });

  it('sorts maps by the bytes of their keys, numbers too', () => {
    const query = new Map(['\u{1f600}', '\ufffd', '9', '10', 'b', '-1'].map((key) => [key, '']));
    assert.equal(writeGoJson(query), '{"-1":"","10":"","9":"","b":"","\ufffd":"","\u{1f600}":""}');
  });

  it('writes lists, also of nothing', () => {
    assert.equal(
      writeGoJson({ to: ['a', 'b'], cc: [], n: [null, 1.5, false, undefined] }),
      '{"to":["a","b"],"cc":[],"n":[null,1.5,false,null]}',
    );
  });

  it('escapes what Go escapes', () => {
    assert.equal(
      writeGoJson('<a href="x">&\u2028\u2029</a>\u0001\u007f\b\f\n\t/é😀\ud800'),
      '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028\\u2029\\u003c/a\\u003e\\u0001\u007f\\b\\f\\n\\t/é😀\ufffd"',
    );
  });

  it('writes bytes as base64', () => {
    assert.equal(writeGoJson({ body: new Uint8Array([255, 254, 0, 1]) }), '{"body":"//4AAQ=="}');
  });
});

describe('H11: Go JSON of many MiB lets the page have a turn', () => {
  const count = (steps: Generator<void>): number => {
    let done = 0;
    while (!steps.next().done) done++;
    return done;
  };

  const texts: [what: string, text: string, least: number][] = [
    ['while it is decoded', `"${'x'.repeat(8 << 20)}"`, 9],
    ['between values', `[${'0,'.repeat(99_000)}0]`, 1_500],
    ['between keys', `{${Array.from({ length: 90_000 }, (_, n) => `"${n}":0`)}}`, 90_000],
    ['between escapes', `"${'\\n'.repeat(900_000)}"`, 200],
  ];
  for (const [what, text, least] of texts) {
    it(what, () => assert.isAtLeast(count(jsonValueSteps(encode(text))), least));
  }

  it('between the pieces that it is written in', () => {
    assert.isAtLeast(count(goJsonPieces({ body: '<'.repeat(4 << 20) })), 128);
    assert.isAtLeast(count(goJsonPieces(new Array(10_000).fill('x'))), 10_000);
    assert.isAtLeast(count(goJsonPieces({ body: new Uint8Array(4 << 20) })), 6);
  });

  it('and is the same base64, whatever is left of its last piece', async () => {
    for (const over of [0, 1, 2]) {
      const bytes = new Uint8Array((3 << 18) + over).fill(255);
      assert.deepEqual(await readGoJson(goBytes, encode(await writeWithPauses(bytes))), bytes);
    }
  });

  it('and is the same text, where a piece would end within a character', async () => {
    const text = `${'x'.repeat((1 << 15) - 1)}😀<${'x'.repeat(1 << 15)}`;
    const json = await writeWithPauses([text]);
    assert.equal(json, JSON.stringify([text]).replace('<', '\\u003c'));
    assert.deepEqual(await readGoJson(goList(goString), encode(json)), [text]);
  });
});
