// The card of a person: names, roles, what they do, and what one can do with them.
import { openDm } from './actions.js';
import { el, isolated } from './dom.js';
import { cssColor, displayName, hereGuild, member, rolesOf } from './lookup.js';
import { commandEntries } from './message_menu.js';
import { activityText, avatar, botTag, crown, isBot, statusName } from './people.js';
import { popover } from './popover.js';
import { emit, on, store } from './store.js';
import { closeDrawers } from './layout.js';

const USER_COMMAND = 2;

/** Profiles open from anything with data-profile. */
export function installProfiles(root) {
  root.addEventListener('click', (event) => {
    const node = event.target.closest('[data-profile]');
    if (!node || event.defaultPrevented) return;
    openProfile(node.dataset.profile, node);
  });
  on('profile', ({ id, anchor }) => openProfile(id, anchor));
}

function openProfile(id, anchor) {
  const guild = hereGuild();
  const known = store.users.get(id);
  const there = member(guild, id);
  const presence = there?.presence ?? { status: 'offline', activities: [] };
  const activity = activityText(presence);
  const roles = rolesOf(guild, id);
  const run = (work) => () => {
    shown.close('picked');
    work();
  };
  const apps = there
    ? commandEntries(USER_COMMAND, store.place.channel, id).filter((entry) => entry.run)
    : [];
  const shown = popover(
    anchor,
    [
      el('div', { class: 'profile-top' }, avatar(id, guild, { size: 72, status: presence.status })),
      el(
        'div',
        { class: 'profile-body' },
        el('h2', {}, isolated(displayName(guild, id)), ' ', botTag(isBot(id)), crown(guild, id)),
        el(
          'div',
          { class: 'muted' },
          isolated(known?.name ?? id),
          ' · ',
          statusName(presence.status),
        ),
        activity && el('div', { class: 'profile-activity' }, isolated(activity)),
        roles.length > 0 &&
          el(
            'div',
            { class: 'profile-roles' },
            roles.map((role) =>
              el(
                'span',
                { class: 'chip role-chip' },
                el('span', {
                  class: 'swatch',
                  style: { '--swatch': cssColor(role.color) ?? 'var(--muted)' },
                }),
                isolated(role.name),
              ),
            ),
          ),
        el(
          'div',
          { class: 'profile-buttons' },
          id !== store.me &&
            el(
              'button',
              {
                type: 'button',
                class: 'button primary',
                on: {
                  click: run(() => {
                    closeDrawers();
                    openDm(id);
                  }),
                },
              },
              'Message',
            ),
          el(
            'button',
            {
              type: 'button',
              class: 'button secondary',
              on: {
                click: run(() => {
                  closeDrawers();
                  emit('compose', { mention: id });
                }),
              },
            },
            'Mention',
          ),
          apps.map((entry) =>
            el(
              'button',
              { type: 'button', class: 'button secondary', on: { click: run(entry.run) } },
              isolated(entry.label),
            ),
          ),
        ),
      ),
    ],
    {
      label: `Profile of ${displayName(guild, id)}`,
      className: 'profile',
      placement: anchor.closest?.('.members') ? 'side' : 'below',
    },
  );
}
