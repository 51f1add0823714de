// When the playground tells plugins of Nev of its session.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tellOfSession } from '../../../demo/playground/editor/session-events.ts';

describe('the session of the playground', () => {
  it('is restored as it begins, saved whenever its page is hidden, and fails aloud', async () => {
    const told: string[] = [];
    const failures: unknown[] = [];
    const emit = async (event: string) => {
      told.push(event);
      if (told.length > 4) throw new Error('closed');
      return [];
    };
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
    tellOfSession({ emit }, page as unknown as Document, (error) => failures.push((error as Error).message));
    const turn = (state: DocumentVisibilityState): void => {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    };
    for (const state of ['hidden', 'visible', 'hidden', 'visible', 'hidden'] as const) turn(state);
    await Promise.resolve();
    assert.deepEqual(told.slice(0, 2), ['app/initialized', 'session/restored']);
    assert.deepEqual(told.slice(2), ['session/save', 'session/save', 'session/save']);
    assert.deepEqual(failures, ['closed']);
  });
});
