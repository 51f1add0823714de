// The functions of Nev's interfaces that the page answers, as far as the host offers what they take.

import type { DialectFunction, LiveContributions, Services } from '../../../capabilities/services.ts';
import { backgroundFunction } from './background.ts';
import { commandFunctions } from './commands.ts';
import { eventFunctions } from './events.ts';
import { EDITOR } from './names.ts';
import { Recorder } from './recorder.ts';
import { registerFunctions } from './registers.ts';
import { sessionFunctions } from './session.ts';
import { settingFunctions } from './settings.ts';
import { taskFunctions } from './tasks.ts';
import { fileFunctions } from './vfs.ts';

export function nevFunctions(services: Services, live: LiveContributions): DialectFunction[] {
  const editor = services.get(EDITOR)?.editor;
  const kv = services.get('kv')?.kv;
  const files = services.get('files')?.files;
  const recorder = new Recorder();
  live.ran.add((name, args) => recorder.ran({ name, args }));
  return [
    ...(editor
      ? [
          backgroundFunction(editor, live),
          ...taskFunctions(),
          ...commandFunctions({ editor, live }),
          ...settingFunctions(editor),
          ...eventFunctions(live),
          ...registerFunctions(live, recorder),
        ]
      : []),
    ...(kv ? sessionFunctions(kv) : []),
    ...(files ? fileFunctions(files) : []),
  ];
}
