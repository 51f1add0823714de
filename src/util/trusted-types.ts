// Pages that enforce Trusted Types want each sink fed by a named policy. Ours is called `cloche`; the cell's frame
// inherits the page's rule and has a policy of its own realm. Text of a plugin passes only on its way into a document
// that does not run here: a value of an attribute in a template, and the `srcdoc` of a sandboxed frame.
// https://w3c.github.io/trusted-types/dist/spec/

import { cspBlocked } from './csp-blocked.ts';

interface Policy {
  createHTML(text: string): string;
  createScript(text: string): string;
  createScriptURL(url: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/** Our own documents, and those of sandboxed frames. */
export function trustedHtml(text: string): string {
  return ours()?.createHTML(text) ?? text;
}

/** Our own scripts, see `script-probe.ts`. */
export function trustedScript(text: string): string {
  return ours()?.createScript(text) ?? text;
}

/** URLs of our own workers, whose scripts are in memory. */
export function trustedScriptUrl(url: string): string {
  return ours()?.createScriptURL(url) ?? url;
}

function ours(): Policy | undefined {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  try {
    policy ??= trustedTypes?.createPolicy('cloche', {
      createHTML: (html) => html,
      createScript: (script) => script,
      createScriptURL: (url) => url,
    });
  } catch (thrown) {
    throw cspBlocked('forbids the Trusted Types policy `cloche`', 'trusted-types cloche', thrown);
  }
  return policy;
}
