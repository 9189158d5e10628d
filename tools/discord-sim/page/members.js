// The members: grouped by the highest role that stands apart, then online, then offline.
import { el, fill, isolated } from './dom.js';
import { byRank, displayName, hereGuild, rolesOf } from './lookup.js';
import { activityText, avatar, botTag, crown, isBot, nameElement, statusName } from './people.js';
import { on, store } from './store.js';

export function installMembers(root) {
  on('world people place who', () => {
    const guild = hereGuild();
    const scroll = root.scrollTop;
    const focused = root.contains(document.activeElement)
      ? document.activeElement.dataset.profile
      : null;
    fill(
      root,
      guild ? groups(guild) : el('p', { class: 'muted padded' }, 'A conversation of two.'),
    );
    root.scrollTop = scroll;
    if (focused)
      root.querySelector(`[data-profile="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  });
  root.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...root.querySelectorAll('.member')];
    const at = rows.indexOf(document.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    rows[at + by]?.focus();
  });
}

function groups(guild) {
  const hoisted = guild.roles.filter((role) => role.hoist && role.id !== guild.id).sort(byRank);
  const bins = new Map([...hoisted.map((role) => [role.id, []]), ['online', []], ['offline', []]]);
  for (const member of guild.members) {
    const offline = member.presence.status === 'offline';
    const role = rolesOf(guild, member.user_id).find((one) => one.hoist);
    bins.get(offline ? 'offline' : (role?.id ?? 'online')).push(member);
  }
  return [...bins]
    .filter(([, people]) => people.length)
    .map(([key, people]) => {
      const title = guild.roleById.get(key)?.name ?? (key === 'online' ? 'Online' : 'Offline');
      people.sort((one, other) =>
        displayName(guild, one.user_id).localeCompare(displayName(guild, other.user_id)),
      );
      return el(
        'section',
        { class: 'member-group' },
        el('h2', {}, isolated(title), ` — ${people.length}`),
        el(
          'ul',
          {},
          people.map((member) => el('li', {}, row(guild, member))),
        ),
      );
    });
}

function row(guild, member) {
  const id = member.user_id;
  const { status } = member.presence;
  const activity = status === 'offline' ? '' : activityText(member.presence);
  return el(
    'button',
    {
      type: 'button',
      class: `member${status === 'offline' ? ' away' : ''}`,
      dataset: { profile: id },
      'aria-label': [displayName(guild, id), statusName(status), activity]
        .filter(Boolean)
        .join(', '),
    },
    avatar(id, guild, { size: 32, status }),
    el(
      'span',
      { class: 'member-text' },
      el(
        'span',
        { class: 'member-line' },
        nameElement(guild, id),
        botTag(isBot(id)),
        crown(guild, id),
        id === store.me && el('span', { class: 'muted small' }, '(you)'),
      ),
      activity && el('span', { class: 'muted small activity' }, isolated(activity)),
    ),
  );
}
