import { html, type TemplateResult } from 'lit';

/** Text with its parts between backticks as code. Names in messages may be a plugin's, so each part is text. */
export function codeSpans(text: string): TemplateResult | (string | TemplateResult)[] {
  const parts = text.split('`');
  // An odd number of backticks means that one of them is part of a name: nothing is code then.
  if (parts.length % 2 === 0) return html`${text}`;
  return parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}
