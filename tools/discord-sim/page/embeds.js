// Embeds: title, author, fields in their grid, pictures, footer (discord-api 4, embed limits).
import { el, isolated, link, safeUrl } from './dom.js';
import { cssColor } from './lookup.js';
import { markdown } from './markdown.js';
import { picture } from './media.js';
import { messageTime, fullTime } from './timestamps.js';

const THUMBNAIL = { width: 80, height: 80 };
const BIG = { width: 400, height: 300 };

/** Draws one embed. `files`: the message's attachments, for attachment:// addresses. */
export function embed(data, files = []) {
  const url = (text) => resolve(text, files);
  const when = data.timestamp ? Date.parse(data.timestamp) : NaN;
  const title = data.title && markdown(data.title, { blocks: false });
  const footer =
    (data.footer?.text || Number.isFinite(when)) &&
    el(
      'footer',
      { class: 'embed-footer' },
      data.footer?.icon_url && small(url(data.footer.icon_url)),
      isolated(data.footer?.text ?? ''),
      data.footer?.text && Number.isFinite(when) && ' • ',
      Number.isFinite(when) &&
        el(
          'time',
          { datetime: new Date(when).toISOString(), title: fullTime(when) },
          messageTime(when),
        ),
    );
  return el(
    'article',
    { class: 'embed', style: { '--bar': cssColor(data.color) ?? 'var(--line-strong)' } },
    el(
      'div',
      { class: 'embed-main' },
      data.provider?.name && el('div', { class: 'embed-provider' }, isolated(data.provider.name)),
      data.author?.name &&
        el(
          'div',
          { class: 'embed-author' },
          data.author.icon_url && small(url(data.author.icon_url)),
          safeUrl(data.author.url)
            ? link(safeUrl(data.author.url), {}, isolated(data.author.name))
            : isolated(data.author.name),
        ),
      title &&
        el(
          'div',
          { class: 'embed-title' },
          safeUrl(data.url) ? link(safeUrl(data.url), { class: 'link' }, title) : title,
        ),
      data.description && el('div', { class: 'embed-text' }, markdown(data.description)),
      data.fields?.length > 0 && el('div', { class: 'embed-fields' }, fieldRows(data.fields)),
      data.image?.url &&
        picture(url(data.image.url), {
          ...data.image,
          alt: data.image.description ?? 'Embedded picture',
          max: BIG,
          className: 'embed-image',
        }),
      footer,
    ),
    data.thumbnail?.url &&
      picture(url(data.thumbnail.url), {
        ...data.thumbnail,
        alt: 'Thumbnail',
        max: THUMBNAIL,
        className: 'embed-thumbnail',
      }),
  );
}

/** Up to three inline fields share a row of twelve columns; others take it whole. */
function fieldRows(fields) {
  const drawn = [];
  for (let at = 0; at < fields.length;) {
    let run = 1;
    if (fields[at].inline) while (run < 3 && fields[at + run]?.inline) run++;
    for (const field of fields.slice(at, at + run))
      drawn.push(
        el(
          'div',
          {
            class: `embed-field${run > 1 ? ' inline' : ''}`,
            style: { '--span': String(12 / run) },
          },
          el('div', { class: 'embed-field-name' }, markdown(field.name, { blocks: false })),
          el('div', { class: 'embed-field-value' }, markdown(field.value)),
        ),
      );
    at += run;
  }
  return drawn;
}

const small = (address) =>
  picture(address, {
    alt: '',
    max: { width: 20, height: 20 },
    width: 20,
    height: 20,
    className: 'embed-icon',
  });

/** attachment://name.png is the file of that name in the same message. */
export function resolve(address, files) {
  const name = /^attachment:\/\/(.+)$/.exec(address ?? '')?.[1];
  return name ? (files.find((file) => file.filename === name)?.url ?? '') : address;
}
