// Words of `<cloche-take-over>`.

export const takeOver = {
  'takeOver.title': 'Take over from a Windshift server…',
  'takeOver.folder': 'Its folder of plugins',
  'takeOver.export': 'What they keep, if you have it (JSON)',
  'takeOver.hint': 'You see what each asks for before anything of it runs. Its data comes after it.',
  'takeOver.found': 'Plugins of the server',
  'takeOver.none': 'No plugin is in this folder: no folder in it has a manifest.',
  'takeOver.take': 'Take over',
  'takeOver.takeName': 'Take over {name}',
  'takeOver.takeData': 'Take over its data',
  'takeOver.takeDataName': 'Take over the data of {name}',
  'takeOver.keys': { one: 'One value that it keeps comes with it.', other: '{n} values that it keeps come with it.' },
  'takeOver.updates': 'It is installed here, and will be updated.',
  'takeOver.replaces':
    'It is installed here, and will be updated. What it keeps here is replaced by what it keeps on the server.',
  'takeOver.done': 'Taken over',
  'takeOver.doneData': 'Taken over with its data',
  'takeOver.faulty': 'What is in the folder {folder} cannot be taken over.',
  'takeOver.exported': { one: 'The export has data of one plugin.', other: 'The export has data of {n} plugins.' },
  'takeOver.others': 'It also has data of plugins that are not in the folder, and leaves it: {names}',
} as const;
