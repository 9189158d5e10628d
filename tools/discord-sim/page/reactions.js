// Reactions under a message: pressing one adds or takes away one's own.
import { act } from './actions.js';
import { el, icon } from './dom.js';
import { emojiElement, emojiKey, emojiName, emojiPath } from './emoji.js';
import { pickEmoji } from './emoji_picker.js';

export function reactions(message) {
  if (!message.reactions?.length) return null;
  return el(
    'div',
    { class: 'reactions', role: 'group', 'aria-label': 'Reactions' },
    message.reactions.map((reaction) =>
      el(
        'button',
        {
          type: 'button',
          class: `reaction${reaction.me ? ' mine' : ''}`,
          'aria-pressed': String(Boolean(reaction.me)),
          'aria-label': `${emojiName(reaction.emoji)}, ${reaction.count}`,
          dataset: { reaction: emojiKey(reaction.emoji) },
          on: { click: () => toggle(message, reaction) },
        },
        emojiElement(reaction.emoji),
        el('span', { class: 'count' }, String(reaction.count)),
      ),
    ),
    el(
      'button',
      {
        type: 'button',
        class: 'reaction add',
        'aria-label': 'Add a reaction',
        title: 'Add a reaction',
        on: {
          click: (event) => pickEmoji(event.currentTarget, (emoji) => addReaction(message, emoji)),
        },
      },
      icon('smile', 16),
    ),
  );
}

function toggle(message, reaction) {
  return act(reaction.me ? 'unreact' : 'react', {
    channel_id: message.channel_id,
    message_id: message.id,
    emoji: emojiPath(reaction.emoji),
  });
}

export function addReaction(message, emoji) {
  return act('react', {
    channel_id: message.channel_id,
    message_id: message.id,
    emoji: emojiPath(emoji),
  });
}
