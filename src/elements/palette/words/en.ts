// Words of `<cloche-palette>`, in English.

export const palette = {
  'palette.label': 'Commands',
  'palette.command': 'Command',
  'palette.type': 'Run a command',
  'palette.count': { one: '{n} command', other: '{n} commands' },
  'palette.none': 'No plugin that is on has a command.',
  'palette.noneFits': 'No command fits.',
  'palette.argument': 'Argument {n}',
  'palette.enter': 'Enter {parameter}.',
  'palette.enterBefore': 'Enter {parameter}, as one behind it is given.',
  'palette.expected': 'Expected {parameter}.',
  'palette.noJson': 'Expected {parameter}, and this is not JSON.',
  'palette.back': 'Back',
  'palette.run': 'Run',
  'palette.running': '{command} is running.',
  'palette.stop': 'Stop',
  'palette.failed': '{command} failed:',
  'palette.gave': '{command} gave:',
  'palette.close': 'Close',
} as const;
