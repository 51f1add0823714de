// Whom stored data belongs to: one installation of a plugin, and never its id, which the next plugin may have as well.

const INSTALLATION = /^@[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A new one. No plugin id begins with "@", so no plugin can be named as another's data is. */
export function newInstallation(): string {
  return `@${crypto.randomUUID()}`;
}

/** Whether an installation of plugin `id` may be called `value`. Those of before installations had ids go by the plugin's. */
export function isInstallationOf(id: string, value: unknown): value is string {
  return value === id || (typeof value === 'string' && INSTALLATION.test(value));
}
