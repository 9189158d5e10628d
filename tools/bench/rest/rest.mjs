// discord.js's REST as the peer: posts COUNT messages, PER_SECOND (0: 32 at a time). Prints one line of JSON.
import { createRequire } from 'node:module';

const { REST, Routes } = createRequire(new URL('../../../tests/package.json', import.meta.url))('discord.js');
const [base, channel, countText, rateText] = process.argv.slice(2);
const count = Number(countText);
const perSecond = Number(rateText);
const rest = new REST({ version: '10', api: `${base}/api`, globalRequestsPerSecond: perSecond ? 50 : 1e9 }).setToken('sandbox');
const body = { content: 'a line of some length, as a bot writes it all day', allowed_mentions: { parse: [] } };
const post = () => rest.post(Routes.channelMessages(channel), { body });

async function run(calls) {
  if (perSecond === 0) {
    let left = calls;
    await Promise.all(Array.from({ length: 32 }, async () => { while (left-- > 0) await post(); }));
    return;
  }
  const open = [];
  await new Promise((done) => {
    let left = calls;
    const timer = setInterval(() => { open.push(post()); if (--left === 0) { clearInterval(timer); done(); } }, 1000 / perSecond);
  });
  await Promise.all(open);
}

await run(50);
const before = process.cpuUsage();
const began = process.hrtime.bigint();
await run(count);
const used = process.cpuUsage(before);
const wall = Number(process.hrtime.bigint() - began) / 1e9;
console.log(JSON.stringify({ cpu_us_per_call: (used.user + used.system) / count, calls_per_s: count / wall }));
process.exit(0);
