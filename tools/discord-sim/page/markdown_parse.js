// Discord's markdown as a tree of plain values. Pure: no DOM, no state. Cost is bounded by depth
// times length.
//
// Nodes: {t:'text',v} {t:'br'} {t:'b'|'i'|'u'|'s'|'spoiler', c:[…]} {t:'code',v} {t:'pre',v,lang}
// {t:'quote',c}
// {t:'h',level,c} {t:'small',c} {t:'list',ordered,start,c:[[…]…]} {t:'link',url,c}
// {t:'user'|'role'|'channel',id}
// {t:'command',name,id} {t:'emoji',emoji} {t:'time',seconds,style} {t:'everyone',v} {t:'guide',v}

const DEPTH_MAX = 10;
const PAIRS = [
  ['***', 'bi'],
  ['**', 'b'],
  ['__', 'u'],
  ['~~', 's'],
  ['||', 'spoiler'],
  ['*', 'i'],
  ['_', 'i'],
];
const SPECIAL = /[\\*_~|`<[@h\n]/g;
const STARTERS = [
  [/^<@!?(\d{1,20})>/, (m) => ({ t: 'user', id: m[1] })],
  [/^<@&(\d{1,20})>/, (m) => ({ t: 'role', id: m[1] })],
  [/^<#(\d{1,20})>/, (m) => ({ t: 'channel', id: m[1] })],
  [/^<\/([^:<>\n]{1,100}):(\d{1,20})>/, (m) => ({ t: 'command', name: m[1], id: m[2] })],
  [
    /^<(a?):(\w{1,32}):(\d{1,20})>/,
    (m) => ({ t: 'emoji', emoji: { id: m[3], name: m[2], animated: m[1] === 'a' } }),
  ],
  [
    /^<t:(-?\d{1,14})(?::([tTdDfFRsS]))?>/,
    (m) => ({ t: 'time', seconds: Number(m[1]), style: m[2] ?? 'f' }),
  ],
  [/^<id:(customize|browse|guide|linked-roles)>/, (m) => ({ t: 'guide', v: m[1] })],
  [/^<(https?:\/\/[^\s<>]+)>/, (m) => ({ t: 'link', url: m[1], c: [{ t: 'text', v: m[1] }] })],
];

/** Parses a whole text. `blocks` false: inline only (embed titles, field names, buttons). */
export function parse(text, { blocks = true } = {}) {
  return blocks ? parseBlocks(String(text ?? ''), 0) : parseInline(String(text ?? ''), 0);
}

function parseBlocks(text, depth) {
  const out = [];
  let plain = [];
  const flush = () => {
    if (plain.length) out.push(...parseInline(plain.join('\n'), depth));
    plain = [];
  };
  let rest = text;
  while (rest !== '') {
    const block = depth < DEPTH_MAX && takeBlock(rest, depth);
    if (block) {
      flush();
      out.push(block.node);
      rest = rest.slice(block.length);
      continue;
    }
    const { line, length } = takeLine(rest);
    plain.push(line);
    rest = rest.slice(length);
    // The line break at the end belongs to a block that follows.
    if (rest === '' && text.endsWith('\n')) plain.push('');
  }
  flush();
  return out;
}

/** A line with the code block that may begin in it: that one's line ends count as inside. */
function takeLine(rest) {
  let end = rest.indexOf('\n');
  const fence = rest.indexOf('```');
  if (fence >= 0 && (end < 0 || fence < end)) {
    const close = rest.indexOf('```', fence + 3);
    if (close > fence + 3) {
      end = rest.indexOf('\n', close + 3);
      const line = end < 0 ? rest : rest.slice(0, end);
      return { line, length: line.length + (end < 0 ? 0 : 1) };
    }
  }
  const line = end < 0 ? rest : rest.slice(0, end);
  return { line, length: line.length + (end < 0 ? 0 : 1) };
}

function takeBlock(rest, depth) {
  let m = /^>>> ([\s\S]*)$/.exec(rest);
  if (m) return { node: { t: 'quote', c: parseBlocks(m[1], depth + 1) }, length: rest.length };
  if (rest.startsWith('> ')) {
    const lines = [];
    let length = 0;
    for (let next = rest; next.startsWith('> ') || next === '>' || next.startsWith('>\n');) {
      const end = next.indexOf('\n');
      const line = end < 0 ? next : next.slice(0, end);
      lines.push(line.slice(2));
      length += line.length + (end < 0 ? 0 : 1);
      next = rest.slice(length);
    }
    return { node: { t: 'quote', c: parseBlocks(lines.join('\n'), depth + 1) }, length };
  }
  m = /^(#{1,3}) +([^\n]+)(\n|$)/.exec(rest);
  if (m)
    return {
      node: { t: 'h', level: m[1].length, c: parseInline(m[2].trim(), depth + 1) },
      length: m[0].length,
    };
  m = /^-# +([^\n]+)(\n|$)/.exec(rest);
  if (m) return { node: { t: 'small', c: parseInline(m[1], depth + 1) }, length: m[0].length };
  if (/^ {0,8}(?:[-*]|\d{1,9}\.) +\S/.test(rest)) return takeList(rest, depth);
  return null;
}

function takeList(rest, depth) {
  const items = [];
  let length = 0;
  const first = /^( *)([-*]|\d{1,9}\.) /.exec(rest);
  const indent = first[1].length;
  const ordered = /\d/.test(first[2]);
  for (let next = rest; next !== '';) {
    const end = next.indexOf('\n');
    const line = end < 0 ? next : next.slice(0, end);
    const m = /^( *)([-*]|\d{1,9}\.) +(\S.*)$/.exec(line);
    if (m && m[1].length <= indent + 1 && /\d/.test(m[2]) === ordered && m[1].length >= indent - 1)
      items.push([m[3]]);
    else if (
      items.length &&
      line.trim() !== '' &&
      /^ {2,}/.test(line) &&
      line.search(/\S/) > indent
    )
      items.at(-1).push(line.slice(indent));
    else break;
    length += line.length + (end < 0 ? 0 : 1);
    next = rest.slice(length);
  }
  if (!items.length) return null;
  const c = items.map(([head, ...more]) => [
    ...parseInline(head, depth + 1),
    ...(more.length
      ? parseBlocks(more.map((line) => line.replace(/^ {1,2}/, '')).join('\n'), depth + 1)
      : []),
  ]);
  return {
    node: { t: 'list', ordered, start: ordered ? Number.parseInt(first[2], 10) : 1, c },
    length,
  };
}

function parseInline(text, depth) {
  const out = [];
  let from = 0; // start of plain text not yet written
  let at = 0;
  const write = (node, length) => {
    if (at > from) out.push({ t: 'text', v: text.slice(from, at) });
    if (node) out.push(node);
    at += length;
    from = at;
  };
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const special = SPECIAL.exec(text);
    if (!special) break;
    at = special.index;
    const found = depth < DEPTH_MAX ? takeSpan(text, at, depth) : null;
    if (found) write(found.node, found.length);
    else at++;
  }
  at = text.length;
  write(null, 0);
  return out;
}

function takeSpan(text, at, depth) {
  const char = text[at];
  if (char === '\n') return { node: { t: 'br' }, length: 1 };
  if (char === '\\') {
    const next = text[at + 1];
    return next && /[!-/:-@[-`{-~]/.test(next) ? { node: { t: 'text', v: next }, length: 2 } : null;
  }
  if (char === '`') return takeCode(text, at);
  if (char === '<') return takeAngle(text.slice(at, at + 2100));
  if (char === '[') return takeLink(text, at, depth);
  if (char === '@') {
    const m = /^@(everyone|here)\b/.exec(text.slice(at, at + 10));
    return m ? { node: { t: 'everyone', v: m[0] }, length: m[0].length } : null;
  }
  if (char === 'h') return takeUrl(text, at);
  return takePair(text, at, depth);
}

function takeCode(text, at) {
  if (text.startsWith('```', at)) {
    const close = text.indexOf('```', at + 3);
    if (close > at + 3) {
      const inner = text.slice(at + 3, close);
      const m = /^([\w+\-.#]{1,20})\n([\s\S]+)$/.exec(inner);
      const v = (m ? m[2] : inner).replace(/^\n/, '').replace(/\n$/, '');
      const after = text[close + 3] === '\n' ? 1 : 0;
      return { node: { t: 'pre', v, lang: m ? m[1] : '' }, length: close + 3 - at + after };
    }
  }
  const fence = /^`+/.exec(text.slice(at, at + 8))[0];
  if (fence.length > 2) return null;
  const close = text.indexOf(fence, at + fence.length);
  if (close <= at + fence.length) return null;
  const v = text.slice(at + fence.length, close);
  return {
    node: { t: 'code', v: fence.length === 2 ? v.replace(/^ (.*) $/s, '$1') : v },
    length: close + fence.length - at,
  };
}

function takeAngle(head) {
  for (const [pattern, make] of STARTERS) {
    const m = pattern.exec(head);
    if (m) return { node: make(m), length: m[0].length };
  }
  return null;
}

function takeLink(text, at, depth) {
  const m =
    /^\[((?:[^[\]\n]|\\[[\]]){1,1000})\]\(<?(https?:\/\/[^\s<>)]{1,2000})>?(?: +"[^"\n]{0,200}")?\)/.exec(
      text.slice(at, at + 3300),
    );
  // A link that shows another address is no masked link.
  if (!m || /https?:\/\//.test(m[1])) return null;
  return { node: { t: 'link', url: m[2], c: parseInline(m[1], depth + 1) }, length: m[0].length };
}

function takeUrl(text, at) {
  if (at > 0 && /[\w]/.test(text[at - 1])) return null;
  const m = /^https?:\/\/[^\s<>|`\]]{1,2000}/.exec(text.slice(at, at + 2010));
  if (!m) return null;
  let url = m[0].replace(/[.,:;"'!?*_~]+$/, '');
  while (url.endsWith(')') && url.split('(').length < url.split(')').length) url = url.slice(0, -1);
  return { node: { t: 'link', url, c: [{ t: 'text', v: url }] }, length: url.length };
}

function takePair(text, at, depth) {
  for (const [mark, kind] of PAIRS) {
    if (!text.startsWith(mark, at)) continue;
    const close = closing(text, at + mark.length, mark);
    if (close < 0) continue;
    const inner = text.slice(at + mark.length, close);
    if (mark === '*' && (/^\s/.test(inner) || /\s$/.test(inner))) continue;
    if (mark === '_' && (/\w/.test(text[at - 1] ?? '') || /\w/.test(text[close + 1] ?? '')))
      continue;
    const c = parseInline(inner, depth + 1);
    const node = kind === 'bi' ? { t: 'i', c: [{ t: 'b', c }] } : { t: kind, c };
    return { node, length: close + mark.length - at };
  }
  return null;
}

/**
 * Where `mark` closes, at least one character later; a longer run of the same character belongs
 * to its end.
 */
function closing(text, from, mark) {
  let at = from;
  for (;;) {
    at = text.indexOf(mark, at);
    if (at < 0) return -1;
    if (at === from) {
      at += 1;
      continue;
    }
    if (text[at - 1] === '\\') {
      at += 1;
      continue;
    }
    if (mark.length === 1) {
      let run = 1;
      while (text[at + run] === mark) run++;
      // Two of them are an inner pair of **, three are that pair's end and ours.
      if (run !== 2) return at + run - 1;
      at += 2;
      continue;
    }
    while (text[at + mark.length] === mark[0]) at += 1;
    return at;
  }
}

const PICTURE = /\p{Extended_Pictographic}/gu;
/** Skin tones, joiners, variation selectors, flags: parts of pictures. */
const PICTURE_PART = /\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f/gu;
const JUMBO_MAX = 27;

/** True when a text is only emoji, not too many: they are drawn large. */
export function onlyEmoji(nodes) {
  let count = 0;
  for (const node of nodes) {
    if (node.t === 'emoji') count++;
    else if (node.t === 'text') {
      const rest = node.v.replace(PICTURE, '').replace(PICTURE_PART, '');
      if (rest.trim() !== '') return false;
      count += node.v.match(PICTURE)?.length ?? 0;
    } else if (node.t !== 'br') return false;
  }
  return count > 0 && count <= JUMBO_MAX;
}
