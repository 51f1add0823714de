// The plugin's own routes. An answer that is an error becomes an Error with the sentence that came with it.

const BASE = '/api/plugins/standup';

export async function call(method, path, body) {
  const response = await fetch(BASE + path, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(reasonIn(text) || `The plugin answered with ${response.status}.`);
  return text ? JSON.parse(text) : undefined;
}

/** The plugin's errors are JSON, those of the application around it are text. */
function reasonIn(text) {
  try {
    return JSON.parse(text).error;
  } catch {
    return text.trim();
  }
}
