// `nev:plugins/registers`: named texts that all plugins of an editor share, and commands that are recorded to be run again.

import type { DialectFunction, LiveContributions } from '../../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../../errors.ts';
import { COMMANDS } from '../permissions.ts';
import { mayRun } from './commands.ts';
import { EDITOR } from './names.ts';
import type { Recorder } from './recorder.ts';
import { does, gives } from './typed.ts';

const INTERFACE = 'nev:plugins/registers';
const MOST_REGISTERS = 256;
/** All together, in UTF-16 units. */
const MOST_TEXT = 16 << 20;

export function registerFunctions(live: LiveContributions, recorder: Recorder): DialectFunction[] {
  const texts = new Map<string, string>();
  let length = 0;
  return [
    {
      name: 'is-replaying-commands',
      capability: EDITOR,
      ...gives(INTERFACE, [], 'bool', () => recorder.isReplaying),
    },
    {
      name: 'is-recording-commands',
      capability: EDITOR,
      ...gives(INTERFACE, ['string'], 'bool', ([register]) => recorder.isRecording(register)),
    },
    {
      name: 'set-register-text',
      capability: EDITOR,
      ...does(INTERFACE, ['string', 'string'], ([text, register]) => {
        const known = texts.get(register);
        const more = known === undefined ? register.length + text.length : text.length - known.length;
        if (length + more > MOST_TEXT || (known === undefined && texts.size >= MOST_REGISTERS)) {
          throw new ClocheError(
            'QUOTA_EXCEEDED',
            `registers hold at most ${MOST_REGISTERS} texts and ${MOST_TEXT} characters`,
          );
        }
        texts.set(register, text);
        length += more;
      }),
    },
    {
      name: 'get-register-text',
      capability: EDITOR,
      ...gives(INTERFACE, ['string'], 'string', ([register]) => texts.get(register) ?? ''),
    },
    {
      name: 'start-recording-commands',
      capability: EDITOR,
      ...does(INTERFACE, ['string'], ([register]) => recorder.start(register)),
    },
    {
      name: 'stop-recording-commands',
      capability: EDITOR,
      ...does(INTERFACE, ['string'], ([register]) => recorder.stop(register)),
    },
    {
      name: 'replay-commands',
      capability: COMMANDS,
      ...does(INTERFACE, ['string'], ([register], context) =>
        // What was recorded of others runs only where the plugin may run it itself.
        recorder.replay(register, async ({ name, args }) => {
          if (!mayRun(name, context)) {
            context.log('warn', `\`replay-commands\` leaves out \`${name}\`, which the plugin may not run`);
            return;
          }
          try {
            await live.host.run(name, args, { signal: context.signal });
          } catch (thrown) {
            if (context.signal.aborted) throw thrown;
            context.log('warn', `\`replay-commands\`: ${messageOf(thrown)}`);
          }
        }),
      ),
    },
  ];
}
