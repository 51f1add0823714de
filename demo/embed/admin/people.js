// The app's people, and how a plugin's page has one picked. Plugins get to know what is handed over here, and no more.

import { ask } from './ask.js';

const PEOPLE = [
  { id: 1, full_name: 'Ada Lovelace', email: 'ada@example.com' },
  { id: 2, full_name: 'Grace Hopper', email: 'grace@example.com' },
  { id: 3, full_name: 'Katherine Johnson', email: 'katherine@example.com' },
];

/** @returns the user, or undefined where the admin picks nobody */
export async function pickUser({ plugin, currentUserId, signal }) {
  const current = PEOPLE.find(({ id }) => id === currentUserId);
  const question = {
    title: 'Who is it?',
    text: `The plugin ${plugin} asks for a person${current ? `, and has ${current.full_name}` : ''}.`,
    answers: [...PEOPLE.map(({ id, full_name }) => [String(id), full_name]), ['', 'Nobody', 'quiet']],
  };
  const answer = await ask(question, signal);
  return PEOPLE.find(({ id }) => String(id) === answer);
}
