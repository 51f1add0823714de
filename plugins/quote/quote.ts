// Fetches a list of quotes and answers one of them: an HTTP request, as far as the user granted it.

import { Config, Host, Memory, Var } from '@extism/as-pdk';
import { http_request, length } from '@extism/as-pdk/lib/env';
import { answer, block, fail, quoted } from '../shared/extism';
import { http_status_code } from './host-functions';

/** A word in: the first quote that has it. Nothing in: the next quote of the list. */
export function quote(): i32 {
  const url = Config.get('url');
  if (url === null) return fail('Expected `url` in the config: where the quotes are');

  const response = http_request(block(`{"method":"GET","url":${quoted(url)}}`), 0);
  if (http_status_code() !== 200) return fail(`${url} answered with status ${http_status_code()}`);
  const quotes = itemsOf(new Memory(response, length(response)).toString());
  if (quotes.length === 0) return fail(`There are no quotes at ${url}`);

  const word = Host.inputString().trim().toLowerCase();
  if (word.length === 0) return answer(quotes[turn() % quotes.length]);
  for (let i = 0; i < quotes.length; i++) {
    if (quotes[i].toLowerCase().includes(word)) return answer(quotes[i]);
  }
  return fail(`No quote has the word ${quoted(word)}`);
}

/** Counts up from call to call. A guest without WASI has no dice, so quotes take turns. */
function turn(): i32 {
  const before = Var.getString('turn');
  const now = before === null ? 0 : i32.parse(before) + 1;
  Var.set('turn', Uint8Array.wrap(String.UTF8.encode(now.toString())));
  return now;
}

/** The objects of a JSON array, each as the text that it is. Braces inside of strings do not count. */
function itemsOf(json: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 0x5c)
      i++; // A backslash: whatever follows it ends no string.
    else if (code === 0x22) inString = !inString;
    else if (inString) continue;
    else if (code === 0x7b && depth++ === 0) start = i;
    else if (code === 0x7d && --depth === 0) items.push(json.slice(start, i + 1));
  }
  return items;
}
