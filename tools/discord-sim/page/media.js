// Pictures, files and players of messages. Only this server's own files are loaded; others are
// named and linked.
import { el, icon, isolated, link, ownUrl, safeUrl } from './dom.js';
import { spoiler } from './markdown.js';

const SPOILER_FLAG = 8;
const PICTURE_MAX = { width: 550, height: 350 };

/** Bytes as people say them. */
function sizeText(bytes) {
  if (!(bytes >= 0)) return '';
  for (const [unit, size] of [
    ['MB', 1048576],
    ['kB', 1024],
  ])
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${bytes} bytes`;
}

function fitted(width, height, max) {
  if (!(width > 0 && height > 0)) return null;
  const scale = Math.min(1, max.width / width, max.height / height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * A picture that opens in full when pressed; when it is not ours or does not load, its address
 * instead.
 */
export function picture(url, { alt = '', width, height, max = PICTURE_MAX, className = '' } = {}) {
  const own = ownUrl(url);
  const away = safeUrl(url);
  const instead = () =>
    away
      ? link(
          away,
          { class: `picture-away ${className}` },
          icon('link', 16),
          el('span', {}, alt ? `${alt} · ` : '', new URL(away).host),
        )
      : el('span', { class: 'picture-away' }, alt || 'picture');
  if (!own) return instead();
  const size = fitted(width, height, max);
  const image = el('img', {
    src: own,
    alt: alt || 'Picture',
    loading: 'lazy',
    decoding: 'async',
    ...size,
  });
  const frame = link(own, { class: `picture ${className}`, title: alt || null }, image);
  image.addEventListener('error', () => frame.replaceWith(instead()), { once: true });
  return frame;
}

/** All attachments of a message. */
export function attachments(list) {
  if (!list?.length) return null;
  return el('div', { class: 'attachments' }, list.map(attachment));
}

export function attachment(file) {
  const type = file.content_type ?? '';
  const own = ownUrl(file.url);
  let shown;
  if (type.startsWith('image/'))
    shown = picture(file.url, {
      alt: file.description ?? file.filename,
      width: file.width,
      height: file.height,
    });
  else if (own && type.startsWith('video/'))
    shown = el('video', { src: own, controls: true, preload: 'metadata', class: 'video' });
  else if (own && type.startsWith('audio/'))
    shown = el(
      'div',
      { class: 'file' },
      fileHead(file),
      el('audio', { src: own, controls: true, preload: 'none' }),
    );
  else shown = el('div', { class: 'file' }, fileHead(file));
  return file.flags & SPOILER_FLAG || /^SPOILER_/.test(file.filename ?? '')
    ? spoiler(shown, 'div')
    : shown;
}

function fileHead(file) {
  const name = isolated(file.title ?? file.filename ?? 'file');
  const url = safeUrl(file.url);
  return el(
    'div',
    { class: 'file-head' },
    icon('file', 28),
    el(
      'div',
      {},
      url
        ? link(
            url,
            {
              class: 'link',
              title: file.description ?? file.filename,
              download: ownUrl(file.url) ? file.filename : null,
            },
            name,
          )
        : name,
      el('div', { class: 'muted small' }, sizeText(file.size)),
    ),
  );
}
