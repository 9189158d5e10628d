// discord.js as the peer: its usual bot, cache on, one slash command, counting what it handled.
import { createRequire } from 'node:module';

// The pinned package lies beside the tests.
const { Client, GatewayIntentBits } = createRequire(new URL('../../../tests/package.json', import.meta.url))('discord.js');

const [base, token] = process.argv.slice(2);
const client = new Client({
  intents: Object.values(GatewayIntentBits).filter((bit) => typeof bit === 'number'),
  rest: { api: `${base}/api` },
});
const handled = { all: 0 };
for (const name of ['messageCreate', 'presenceUpdate', 'typingStart', 'messageReactionAdd', 'voiceStateUpdate'])
  client.on(name, () => { handled[name] = (handled[name] ?? 0) + 1; });
client.on('raw', () => { handled.all += 1; });
client.on('interactionCreate', (asked) => asked.reply({ content: 'pong', ephemeral: true }));
client.on('clientReady', async () => {
  const known = await client.application.commands.fetch();
  if (!known.some((command) => command.name === 'ping'))
    await client.application.commands.create({ name: 'ping', description: 'Answers' });
  console.log('ready');
});
process.on('SIGUSR2', () => console.log(`handled ${JSON.stringify(handled)}`));
process.on('SIGTERM', () => process.exit(0));
await client.login(token);
