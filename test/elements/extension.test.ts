import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { ECHO, extension, plugin, revealed, StandInExtensionHost } from './extension-stand-in.ts';

describe('<cloche-extension>', () => {
  it('passes the axe checks', async () => {
    const element = await extension(new StandInExtensionHost([plugin(ECHO)]));
    await revealed(element);
    await assertAccessible(element);
  });
});
