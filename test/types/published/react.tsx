// The typings of the elements for React, used as an app does: compiled against the package by test/node/package.test.ts.

import type { Host } from 'cloche';
import type { ClocheAdmin, ConsentEvent } from 'cloche/admin';
import type {} from 'cloche/react';
import { useRef } from 'react';

export function Admin({ host, tell }: { host: Host; tell: (event: ConsentEvent) => void }) {
  const admin = useRef<ClocheAdmin>(null);
  return (
    <section>
      <cloche-admin ref={admin} host={host} tabs="plugins" noPages no-address className="admin" onconsent={tell} />
      <cloche-extension
        point="admin.tab"
        host={host}
        max-height={600}
        onextensionselect={({ plugin }) => plugin.at(0)}
      />
      <cloche-tabs tabs={[{ id: 'one', label: 'One' }]} oncloche-tab={({ tab }) => tab.at(0)}>
        <p slot="one">One</p>
      </cloche-tabs>
    </section>
  );
}

// @ts-expect-error: a point is a text
export const wrongType = <cloche-extension point={7} />;

// @ts-expect-error: a host is no promise of one
export const wrongHost = (host: Promise<Host>) => <cloche-admin host={host} />;

// @ts-expect-error: there is no such property
export const wrongName = <cloche-admin tab="plugins" />;

// @ts-expect-error: React takes it for a listener, so that it would never be set
export const listenerName = <cloche-admin onConsent={() => undefined} />;

// @ts-expect-error: what is nobody's to set
export const readOnly = <cloche-admin ask={() => 'no'} />;

// @ts-expect-error: another event
export const wrongEvent = <cloche-plugins onpluginopen={(event: ConsentEvent) => event.kind} />;
