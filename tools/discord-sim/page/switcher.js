// Choosing who one is: everybody of the world, with their own colour. The choice is kept in this
// browser and the address.
import { become } from './actions.js';
import { el } from './dom.js';
import { Listbox, filterOptions } from './listbox.js';
import { avatar, statusName } from './people.js';
import { rolesOf } from './lookup.js';
import { store } from './store.js';
import { complain } from './toasts.js';

const languages = new Intl.DisplayNames('en', { type: 'language' });

/** "reads French", for those whose client is not in English. */
function reads(locale) {
  if (!locale || locale.startsWith('en')) return null;
  try {
    return `reads ${languages.of(locale)}`;
  } catch {
    return null; // no language of that name
  }
}

/** Opens the window. `must`: nobody is chosen yet, so it cannot be closed. */
export function openSwitcher({ must = false } = {}) {
  const guild = store.guilds.get(store.place.guild) ?? [...store.guilds.values()][0];
  const people = [...store.users.values()]
    .filter((user) => !user.bot)
    .map((user) => {
      const top = guild ? rolesOf(guild, user.id)[0]?.name : user.title;
      const status = guild?.memberById.get(user.id)?.presence.status;
      return {
        key: user.id,
        value: user.id,
        label: user.display_name || user.name,
        search: `${user.display_name} ${user.name}`,
        selected: user.id === store.me,
        hint: [
          user.id === store.me ? 'you are' : null,
          guild?.owner_id === user.id ? 'owner' : top,
          status && statusName(status).toLowerCase(),
          reads(user.locale),
        ]
          .filter(Boolean)
          .join(' · '),
        icon: avatar(user.id, guild, { size: 36, status }),
      };
    })
    .sort((one, other) => one.label.localeCompare(other.label));
  const search = el('input', {
    type: 'text',
    class: 'list-search',
    placeholder: 'Find a person',
    'aria-label': 'Find a person',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const list = new Listbox({
    label: 'People',
    onPick(option) {
      dialog.close();
      become(option.value).catch(complain);
    },
  });
  const dialog = el(
    'dialog',
    { class: 'window switcher', 'aria-label': 'Who are you?' },
    el('h2', {}, 'Who are you?'),
    el(
      'p',
      { class: 'muted' },
      'The sandbox has no passwords: be anybody, also several people in several tabs.',
    ),
    el('div', { class: 'list-top' }, search),
    list.node,
  );
  const draw = () => list.show(filterOptions(people, search.value, 200));
  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => {
    if (list.key(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      list.pick();
    }
  });
  dialog.addEventListener('cancel', (event) => {
    if (must) event.preventDefault();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && !must) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  list.control(search);
  draw();
  const mine = people.findIndex((option) => option.selected);
  if (mine >= 0) list.activate(mine);
  search.focus();
}
