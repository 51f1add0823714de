// The script of the two pages with a policy, which forbids inline scripts. The same as in index.html, with the error.

const output = document.querySelector('output');
try {
  const host = await Cloche.createHost();
  const plugin = await host.open(new URL('../../plugins/count-vowels/manifest.json', location.href));
  const answer = await plugin.call('count_vowels', 'Hello, World');
  output.textContent = answer.text();
} catch (error) {
  output.textContent = `${error.code}: ${error.message}`;
}
