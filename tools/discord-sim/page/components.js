// Message components, legacy rows and version 2 (discord-api 3.5): buttons, layouts, texts;
// selects are in selects.js.
import { append, el, icon, isolated, link, safeUrl } from './dom.js';
import { emojiElement } from './emoji.js';
import { resolve } from './embeds.js';
import { onMessage, start } from './interactions.js';
import { cssColor } from './lookup.js';
import { markdown, spoiler } from './markdown.js';
import { attachment, picture } from './media.js';
import { select } from './selects.js';
import { complain } from './toasts.js';

const STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link', 6: 'premium' };

/**
 * Draws a list of components of `message`; in `parts` it notes the custom ids for focus and
 * tests.
 */
export function components(list, message) {
  return (list ?? []).map((part) => one(part, message)).filter(Boolean);
}

function one(part, message) {
  switch (part.type) {
    case 1:
      return el('div', { class: 'row', role: 'group' }, components(part.components, message));
    case 2:
      return button(part, message);
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      return select(part, message);
    case 9:
      return section(part, message);
    case 10:
      return el('div', { class: 'text-display' }, markdown(part.content));
    case 11:
      return media(part, message, { width: 85, height: 85 });
    case 12:
      return el(
        'div',
        { class: `gallery count-${Math.min(part.items?.length ?? 0, 4)}` },
        (part.items ?? []).map((item) => media(item, message, { width: 550, height: 300 })),
      );
    case 13:
      return file(part, message);
    case 14:
      return el('div', {
        class: ['separator', part.divider === false && 'blank', part.spacing === 2 && 'wide'],
        role: part.divider === false ? null : 'separator',
      });
    case 17:
      return container(part, message);
    default:
      return el('div', { class: 'muted small' }, `(component of type ${Number(part.type)})`);
  }
}

function section(part, message) {
  return el(
    'div',
    { class: 'section' },
    el('div', { class: 'section-texts' }, components(part.components, message)),
    part.accessory && el('div', { class: 'section-side' }, one(part.accessory, message)),
  );
}

function container(part, message) {
  const color = cssColor(part.accent_color);
  const box = el(
    'div',
    { class: `container${color ? ' accented' : ''}`, style: color ? { '--bar': color } : {} },
    components(part.components, message),
  );
  return part.spoiler ? spoiler(box, 'div') : box;
}

function media(item, message, max) {
  const shown = picture(resolve(item.media?.url, message.attachments ?? []), {
    alt: item.description ?? '',
    width: item.media?.width,
    height: item.media?.height,
    max,
  });
  return item.spoiler ? spoiler(shown, 'div') : shown;
}

function file(part, message) {
  const url = resolve(part.file?.url, message.attachments ?? []);
  const known = (message.attachments ?? []).find((one) => one.url === url) ?? {
    url,
    filename: part.name ?? String(url).split('/').pop(),
    size: part.size,
  };
  const shown = attachment({ ...known, content_type: 'application/octet-stream', flags: 0 });
  return part.spoiler ? spoiler(shown, 'div') : shown;
}

function label(part) {
  return [
    part.emoji && emojiElement(part.emoji),
    part.label && isolated(part.label, { class: 'button-label' }),
  ];
}

function button(part, message) {
  const style = STYLES[part.style] ?? 'secondary';
  if (part.style === 5) {
    const url = safeUrl(part.url);
    return url && !part.disabled
      ? link(url, { class: 'button link-button secondary' }, label(part), icon('link', 14))
      : el(
          'button',
          { type: 'button', class: 'button secondary', disabled: true },
          label(part),
          icon('link', 14),
        );
  }
  const busy = onMessage(message.id).some(
    (entry) => entry.customId === part.custom_id && entry.state === 'pending',
  );
  const node = el(
    'button',
    {
      type: 'button',
      class: `button ${style}${busy ? ' busy' : ''}`,
      disabled: part.disabled || part.style === 6,
      dataset: { customId: part.custom_id ?? '' },
      'aria-busy': busy ? 'true' : null,
      'aria-label': part.label ? null : (part.emoji?.name ?? 'Button'),
      title: part.style === 6 ? 'Premium buttons lead to a shop the sandbox does not have.' : null,
    },
    label(part),
  );
  if (busy)
    append(node, el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')));
  node.addEventListener('click', () => {
    if (
      onMessage(message.id).some(
        (entry) => entry.customId === part.custom_id && entry.state === 'pending',
      )
    )
      return;
    start(
      'click',
      { channel_id: message.channel_id, message_id: message.id, custom_id: part.custom_id },
      {
        kind: 'component',
        channel: message.channel_id,
        message: message.id,
        customId: part.custom_id,
      },
    ).catch(complain);
  });
  return node;
}
