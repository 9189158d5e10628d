// Slash commands as what one can run: one entry per command or sub-command. Pure.

const SUB = 1;
const GROUP = 2;
export const OPTION = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
  attachment: 11,
};

/** `name` or `description` in the user's language when the bot gave one (discord-api 3.4). */
export function localized(thing, key, locale) {
  return thing[`${key}_localized`] ?? thing[`${key}_localizations`]?.[locale] ?? thing[key] ?? '';
}

/** All runnable slash commands: {key, command, path: sub names, title, description, options}. */
export function invocations(commands, locale) {
  const out = [];
  const walk = (command, node, path, titles) => {
    const subs = (node.options ?? []).filter(
      (option) => option.type === SUB || option.type === GROUP,
    );
    if (subs.length === 0) {
      out.push({
        key: [command.id, ...path].join(' '),
        command,
        path,
        title: titles.join(' '),
        description: localized(node, 'description', locale),
        search: `${titles.join(' ')} ${[command.name, ...path].join(' ')}`,
        options: node.options ?? [],
      });
    }
    for (const sub of subs)
      walk(command, sub, [...path, sub.name], [...titles, localized(sub, 'name', locale)]);
  };
  for (const command of commands)
    if ((command.type ?? 1) === 1) walk(command, command, [], [localized(command, 'name', locale)]);
  return out.sort((one, other) => one.title.localeCompare(other.title));
}

/** The entry for "name sub" (as in </name sub:id>), or null. */
export function findInvocation(all, id, name) {
  return (
    all.find(
      (one) => one.command.id === id && [one.command.name, ...one.path].join(' ') === name,
    ) ??
    all.find((one) => one.command.id === id) ??
    null
  );
}

/** Options as /sim/act takes them: values nested below group and sub-command. */
export function nestOptions(invocation, values) {
  let node = values;
  let options = invocation.command.options ?? [];
  const types = invocation.path.map((name) => {
    const found = options.find((option) => option.name === name);
    options = found?.options ?? [];
    return found?.type ?? SUB;
  });
  for (let at = invocation.path.length - 1; at >= 0; at--)
    node = [{ name: invocation.path[at], type: types[at], options: node }];
  return node;
}

/** True when each typed word begins a later word: "set ch" finds "settings channel". */
function beginsWords(text, typed) {
  const words = text.split(' ');
  let at = 0;
  return typed.split(/\s+/).every((part) => {
    at = words.findIndex((word, index) => index >= at && word.startsWith(part)) + 1;
    return at > 0;
  });
}

/**
 * Rank of an entry for what was typed: 0 begins so, 1 a word begins so, 2 inside, 3 in the
 * description, 4 no.
 */
export function rank(invocation, typed) {
  const wanted = typed.trim().toLowerCase();
  const text = invocation.search.toLowerCase();
  if (wanted === '' || text.startsWith(wanted)) return 0;
  if (text.includes(` ${wanted}`) || beginsWords(text, wanted)) return 1;
  if (text.includes(wanted)) return 2;
  return wanted.length > 2 && invocation.description.toLowerCase().includes(wanted) ? 3 : 4;
}
