// Which host names belong to the public internet, and below which of them a wildcard may stand.

/**
 * Second labels that registries of countries sell names under: `co.uk`, `com.au`, `gouv.fr`. Taken as
 * such below every two-letter domain, so that `*.co.nz` needs no entry of its own.
 */
const COUNTRY_SECOND_LEVEL: ReadonlySet<string> = new Set(
  'ac co com edu go gob gouv gov gv govt ltd mil ne net nhs nom or org plc sch'.split(' '),
);

/**
 * Domains that hand out names below them to anyone. This is not a copy of the Public Suffix List
 * (https://publicsuffix.org, some 10,000 lines that change every week): it stops the well-known mistakes,
 * and a wildcard below a host that is not in it is only as safe as that host's owner.
 */
const SHARED_DOMAINS: ReadonlySet<string> = new Set(
  `elasticbeanstalk.com cloudfront.net awsapprunner.com
   azurewebsites.net azureedge.net azurestaticapps.net cloudapp.net
   appspot.com run.app web.app firebaseapp.com googleusercontent.com translate.goog blogspot.com
   cloudfunctions.net withgoogle.com sharepoint.com
   github.io githubpreview.dev gitlab.io bitbucket.io pages.dev workers.dev r2.dev trycloudflare.com
   netlify.app netlify.com vercel.app now.sh herokuapp.com herokuspace.com onrender.com fly.dev
   deno.dev deno.net railway.app surge.sh glitch.me repl.co replit.app replit.dev render.com
   supabase.co supabase.net ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev loca.lt
   wordpress.com wixsite.com weebly.com webflow.io myshopify.com fastly.net b-cdn.net
   ondigitalocean.app
   duckdns.org no-ip.org dyndns.org hopto.org nip.io sslip.io
   id.au asn.au me.uk in.ua eu.org us.com uk.com eu.com de.com br.com cn.com gb.net`.split(/\s+/),
);

/** Domains whose customers sit at several depths (`<bucket>.s3.<region>.amazonaws.com`): no wildcard at any. */
const SHARED_THROUGHOUT: ReadonlySet<string> = new Set(
  `amazonaws.com azure.com windows.net digitaloceanspaces.com linodeobjects.com backblazeb2.com
   cloudflarestorage.com`.split(/\s+/),
);

/**
 * Top-level names that never reach the public internet, by RFC 6761, 6762, 8375
 * (https://www.iana.org/assignments/special-use-domain-names/) and by habit.
 */
const PRIVATE_TOP_LEVEL: ReadonlySet<string> = new Set(
  'localhost local localdomain internal intranet private corp home lan arpa test invalid'.split(' '),
);

/** `host` is canonical: lower case, punycode, no trailing dot. */
export function isIpLiteral(host: string): boolean {
  // The URL parser turns every spelling of an IPv4 address (hex, octal, one number) into this one,
  // and refuses any other host whose last label is a number.
  return host.startsWith('[') || /^[\d.]+$/.test(host);
}

/** A name that only means something on this computer or its network: `localhost`, `nas.local`, `intranet`. */
export function isPrivateName(host: string): boolean {
  const labels = host.split('.');
  return labels.length < 2 || PRIVATE_TOP_LEVEL.has(labels[labels.length - 1] ?? '');
}

/** Whether everything below `host` can be taken to have one owner; see the caveat above. */
export function isRegistrable(host: string): boolean {
  if (isIpLiteral(host) || isPrivateName(host) || SHARED_DOMAINS.has(host)) return false;
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  if (SHARED_THROUGHOUT.has(`${second}.${top}`)) return false;
  const isCountrySuffix = top.length === 2 && COUNTRY_SECOND_LEVEL.has(second);
  return labels.length > (isCountrySuffix ? 2 : 1);
}
