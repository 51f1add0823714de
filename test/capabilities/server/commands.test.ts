import { assert } from 'chai';
import { commands } from '../../../src/capabilities/server/commands.ts';
import { ClocheError } from '../../../src/errors.ts';
import { throwsCode } from '../../helpers/expect-code.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { answering, hear, hearAll, served, whenFailed } from '../hear.ts';

const OK = { status: 'ok', exit_code: 0, stdout: 'out', stderr: '' };

const error = (text: string, exitCode = -1) =>
  `{"status":"error","exit_code":${exitCode},"stdout":"","stderr":"","error":"${text}"}`;

describe('commands', () => {
  describe('before any service', () => {
    // Causes in the words of Go's `encoding/json`.
    const refused: [request: string, heard: string][] = [
      ['', 'invalid request format: unexpected end of JSON input'],
      ['ls', "invalid request format: invalid character 'l' looking for beginning of value"],
      [
        '{"command":1}',
        'invalid request format: json: cannot unmarshal number into Go struct field CLIExecRequest.command of type string',
      ],
      [
        '{"timeout_ms":"5"}',
        'invalid request format: json: cannot unmarshal string into Go struct field CLIExecRequest.timeout_ms of type int',
      ],
      [
        '{"env":{"A":1}}',
        'invalid request format: json: cannot unmarshal number into Go struct field CLIExecRequest.env of type string',
      ],
      ['[]', 'invalid request format: json: cannot unmarshal array into Go value of type plugins.CLIExecRequest'],
      ['{}', 'command is required'],
      ['{"command":""}', 'command is required'],
      ['null', 'command is required'],
    ];
    for (const [request, heard] of refused) {
      it(`hears "${heard}" and exit code 0 for ${JSON.stringify(request)}`, async () => {
        assert.equal(await hear(commands(), 'cli_exec', request), error(heard, 0));
      });
    }

    it('hears that the payload cannot be read, as an object', async () => {
      const unreadable = new ClocheError('ARGUMENT_UNREADABLE', 'argument 1');
      assert.equal(await whenFailed(commands(), 'cli_exec', unreadable), error('failed to read request payload', 0));
    });

    it('hears "no plugin context" while it is only asked about itself', async () => {
      assert.equal(
        await hear(commands(), 'cli_exec', { command: 'ls' }, { describing: true }),
        error('no plugin context'),
      );
    });

    it('hears a clear text without a relay', async () => {
      const heard = await hearAll(commands(), 'cli_exec', { command: 'ls' });
      assert.equal(heard.text, error('command execution not configured'));
      assert.equal(heard.outcome, 'NEEDS_SERVER');
    });
  });

  it('N12: sends arguments as a list, letter for letter', async () => {
    const { relay, sent } = answering(OK);
    const request = {
      command: 'git',
      args: ['log; rm -rf /', '$(id)', '`id`', '--upload-pack=x', '', 'a\nb', 'c\u0000d'],
      working_dir: '../../..',
      env: { B: '2', A: '1' },
      timeout_ms: 1_000,
    };
    await hear(commands({ relay }), 'cli_exec', request);
    assert.deepEqual(sent[0]?.arguments, request);
  });

  it('sends optional fields only when they say something', async () => {
    const { relay, sent } = answering(OK);
    await hear(commands({ relay }), 'cli_exec', '{"command":"ls","args":[],"working_dir":"","env":{},"timeout_ms":0}');
    assert.deepEqual(sent[0]?.arguments, { command: 'ls' });
  });

  const answers: [answer: unknown, heard: string][] = [
    [OK, '{"status":"ok","exit_code":0,"stdout":"out","stderr":""}'],
    [{ status: 'ok', exit_code: 3, stderr: 'no' }, '{"status":"ok","exit_code":3,"stdout":"","stderr":"no"}'],
    [
      { status: 'error', exit_code: -1, stdout: 'part', stderr: '', error: 'command timed out' },
      '{"status":"error","exit_code":-1,"stdout":"part","stderr":"","error":"command timed out"}',
    ],
    [{ ...OK, error: 'ignored' }, '{"status":"ok","exit_code":0,"stdout":"out","stderr":""}'],
    [{ ...OK, exit_code: 2 ** 40 }, error('relay answer has an unexpected form')],
    [{ ...OK, exit_code: '0' }, error('relay answer has an unexpected form')],
    [{ ...OK, stdout: ['out'] }, error('relay answer has an unexpected form')],
  ];
  for (const [answer, heard] of answers) {
    it(`passes ${JSON.stringify(answer)} on as ${heard}`, async () => {
      assert.equal(await hear(commands(served(answer)), 'cli_exec', { command: 'x' }), heard);
    });
  }

  it('passes 1 MiB of each stream on, and no more', async () => {
    const stdout = 'é'.repeat((1 << 20) + 5);
    const heard = await hear(commands(served({ ...OK, stdout, stderr: stdout })), 'cli_exec', { command: 'x' });
    const { stdout: out, stderr } = JSON.parse(heard ?? '') as typeof OK;
    assert.deepEqual([out.length, stderr.length], [1 << 20, 1 << 20]);
  });

  it('says "command timed out" when the call is over first', async () => {
    const late = new ClocheError('HOST_TIMEOUT', 'a host function did not answer');
    assert.equal(await whenFailed(commands(), 'cli_exec', late), error('command timed out'));
  });

  describe('scope', () => {
    const capability = (sent = answering(OK)) => ({ ...sent, capability: commands({ relay: sent.relay }) });

    it('N12: refuses a command that grant or policy does not name, without asking the relay', async () => {
      for (const facts of [
        { grant: { allow: ['make'] } },
        { policy: { allow: [] } },
        { grant: { allow: ['make', 'ls'] }, policy: { allow: ['make'] } },
      ]) {
        const { capability: made, sent } = capability();
        const heard = await hearAll(made, 'cli_exec', { command: 'ls' }, facts);
        assert.deepEqual([heard.text, heard.outcome], [error('command not allowed: ls'), 'PERMISSION_DENIED']);
        assert.isEmpty(sent);
        // The twin: without that scope it goes through.
        assert.include(await hear(made, 'cli_exec', { command: 'ls' }), '"status":"ok"');
        assert.lengthOf(sent, 1);
      }
    });

    it('N12: compares names as they stand: a path, another case or a blank is another command', async () => {
      for (const command of ['./ls', '/bin/ls', 'LS', 'ls ', 'ls\u0000', 'ls;id']) {
        const { capability: made, sent } = capability();
        const heard = await hearAll(made, 'cli_exec', { command }, { grant: { allow: ['ls'] } });
        assert.equal(heard.outcome, 'PERMISSION_DENIED', command);
        assert.isEmpty(sent);
      }
    });

    it('is told on the consent page, riskiest of all', () => {
      const { scope, risk } = commands();
      assert.equal(risk, 'high');
      assert.deepEqual(textsOf(scope?.describe(undefined)), [
        'Run every command that the server of this site allows it.',
      ]);
      assert.deepEqual(textsOf(scope?.describe(scope.parse({ allow: ['make', 'a\u202eb'] }, 'grant'))), [
        'Run these commands on the server of this site: make, a\\u202eb.',
      ]);
      assert.deepEqual(textsOf(scope?.describe(scope.parse({ allow: [] }, 'grant'))), [
        'Run these commands on the server of this site: none.',
      ]);
    });

    for (const value of [
      true,
      'ls',
      ['ls'],
      { allow: 'ls' },
      { allow: [1] },
      { allow: [''] },
      { deny: ['ls'] },
      null,
    ]) {
      it(`refuses ${JSON.stringify(value)} as a scope`, () => {
        throwsCode('OPTION_INVALID', () => commands().scope?.parse(value, 'grant.commands'), /grant\.commands/);
      });
    }
  });
});
