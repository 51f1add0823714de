// H11: scripts of a plugin's page are read where they hold nobody up.

import { assert } from 'chai';
import { inlineScript } from '../../../src/frames/inline/script.ts';
import { ScriptParser } from '../../../src/frames/inline/script-parser.ts';
import { longestTask } from '../../helpers/long-task.ts';
import { Timers, turn } from '../../helpers/timers.ts';
import { clearStage, page, stage } from '../stage.ts';

/** Parsers look through all names of a scope for each new one: this takes them seconds. */
const SLOW = `{${Array.from({ length: 40_000 }, (_, i) => `let v${i};`).join('')}}location;`;

async function problemOf(read: Promise<unknown>): Promise<string> {
  return read.then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe('reading the scripts of a page', () => {
  afterEach(clearStage);

  it('finds each place that asks for the location', async () => {
    const edits = await new ScriptParser().locationEdits('go(location, { location: 1 })', 'script');
    assert.deepEqual(edits, [{ start: 3, end: 11, text: '__cloche.location' }]);
  });

  it('tells what is not a script, and goes on', async () => {
    const reader = new ScriptParser();
    const [first, second] = [reader.locationEdits('location(', 'script'), reader.locationEdits('location', 'script')];
    assert.match(await problemOf(first), /Unexpected token/);
    assert.lengthOf(await second, 1);
  });

  it('H11: ends at its time for a page, and the host stays responsive', async () => {
    const longest = longestTask();
    const reader = new ScriptParser(300);
    assert.match(await problemOf(reader.locationEdits(SLOW, 'script')), /take too long/);
    assert.match(await problemOf(reader.locationEdits('location', 'script')), /take too long/);
    assert.isBelow(longest(), 1_000);
  });

  it('H11: gives the scripts of a page 10 s', async () => {
    const reader = new ScriptParser();
    await using time = new Timers();
    const problem = problemOf(reader.locationEdits(SLOW, 'script'));
    let isKnown = false;
    problem.then(() => {
      isKnown = true;
    });
    await turn();
    await time.pass(9_900);
    assert.isFalse(isKnown);
    await time.pass(200);
    assert.isTrue(isKnown);
    assert.match(await problem, /take too long/);
  });

  it('H11: refuses a script with more places than a page may hold', async () => {
    const problem = await problemOf(new ScriptParser().locationEdits('location;'.repeat(20_001), 'script'));
    assert.match(problem, /more than 20000 places/);
  });

  it('H11: has the imports of a long script found in the worker, and of a short one in the page', async () => {
    const asked: number[] = [];
    const reader = async (): Promise<ScriptParser> => {
      const parser = new ScriptParser();
      const imports = parser.imports.bind(parser);
      parser.imports = (source) => {
        asked.push(source.length);
        return imports(source);
      };
      return parser;
    };
    const scope = { url: 'http://x/', find: () => 'a.js', urlOf: () => 'http://x/a.js' };
    const read = (source: string) => inlineScript(source, 'module', scope, reader, assert.fail);
    const short = "import './a.js';";
    const long = `${short}${'x=(1+2)/3;'.repeat(20_000)}`;
    assert.equal((await read(short)).text, "import 'http://x/a.js';");
    const { text, imports } = await read(long);
    assert.isTrue(text.startsWith("import 'http://x/a.js';x="));
    assert.deepEqual(imports.paths, ['a.js']);
    assert.deepEqual(asked, [long.length]);
  });

  it('remembers what it found, and not that it failed', async () => {
    const scope = { url: 'http://x/', find: () => undefined, urlOf: (path: string) => path };
    const read = async (reader: () => Promise<ScriptParser>) =>
      (await inlineScript('remember(location)', 'script', scope, reader, () => undefined)).text;
    const broken = () => Promise.reject(new Error('no part'));
    assert.equal(await read(broken), 'remember(location)');
    assert.equal(await read(async () => new ScriptParser()), 'remember(__cloche.location)');
    assert.equal(await read(broken), 'remember(__cloche.location)');
  });

  it('H11: shows a page whose script is slow to read, and the host stays responsive', async () => {
    const longest = longestTask();
    const demo = await stage({ 'index.html': page(`say('runs');</script><script>${SLOW}`) });
    await demo.message('runs');
    assert.isBelow(longest(), 1_500);
  });
});
