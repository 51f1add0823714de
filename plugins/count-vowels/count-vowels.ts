// Counts vowels, as Extism's well-known first example does: input, config, a var and a log line.

import { Config, Host, LogLevel, Var } from '@extism/as-pdk';
import { answer, quoted } from '../shared/extism';

export function count_vowels(): i32 {
  const configured = Config.get('vowels');
  const vowels = configured === null ? 'aeiouAEIOU' : configured;

  const text = Host.inputString();
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    if (vowels.includes(text.charAt(i))) count++;
  }

  // A var lives as long as the plugin's worker: it is gone after a kill, a sleep or a reset.
  const before = Var.getString('total');
  const total = count + (before === null ? 0 : i32.parse(before));
  Var.set('total', Uint8Array.wrap(String.UTF8.encode(total.toString())));

  Host.log(LogLevel.Info, `counted ${count} vowels`);
  return answer(`{"count":${count},"total":${total},"vowels":${quoted(vowels)}}`);
}
