// Days as the plugin keeps them, such as 2026-03-15, in the calendar of whoever looks at the page.

export function today() {
  return dayOf(new Date());
}

export function shifted(day, by) {
  const date = dateOf(day);
  date.setDate(date.getDate() + by);
  return dayOf(date);
}

export function inWords(day) {
  return dateOf(day).toLocaleDateString('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** At noon, so that no change of the clock makes it another day. */
function dateOf(day) {
  return new Date(`${day}T12:00`);
}

function dayOf(date) {
  const digits = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${digits(date.getMonth() + 1)}-${digits(date.getDate())}`;
}
