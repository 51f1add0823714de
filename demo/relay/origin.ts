// Which web pages may use a token: exact origins, and for development any port of this machine.

const ANY_PORT = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\]):\*$/;

/** `https://app.example.com`, or `http://localhost:*`. `null` is not an identity: any sandboxed frame has it. */
export function isOriginPattern(text: string): boolean {
  if (ANY_PORT.test(text)) return true;
  if (!/^https?:\/\/[^*]+$/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}

export function matchesOrigin(patterns: readonly string[], origin: string): boolean {
  return patterns.some((pattern) => {
    if (!ANY_PORT.test(pattern)) return pattern === origin;
    const prefix = pattern.slice(0, -2);
    return origin === prefix || (origin.startsWith(`${prefix}:`) && /^\d{1,5}$/.test(origin.slice(prefix.length + 1)));
  });
}
