"""The measuring world: guilds of 50 channels, 20 roles and 200 members (goals.md, "Event mix")."""

CHANNELS, ROLES, MEMBERS = 50, 20, 200
APPLICATION, TOKEN = "1180000000000000001", "sandbox"


def world(guilds=1):
    lines = []
    for number in range(MEMBERS):
        lines += ["[[user]]", f'name = "member{number}"', f'display = "Member number {number}"', 'status = "online"',
                  ""]
    lines += ["[[application]]", f'id = "{APPLICATION}"', 'name = "Bench"', f'token = "{TOKEN}"',
              'owner = "member0"', 'intents = ["presences", "members", "content"]', ""]
    lines += ["[[guild]]", 'id = "1170000000000000001"', f"copies = {guilds}", 'name = "Bench"', 'owner = "member0"',
              'everyone = ["VIEW_CHANNEL", "SEND_MESSAGES", "CONNECT", "SPEAK", "READ_MESSAGE_HISTORY",'
              ' "USE_APPLICATION_COMMANDS"]', ""]
    lines += ["[[guild.role]]", 'name = "Bench"', 'bot = "Bench"', 'permissions = ["ADMINISTRATOR"]', ""]
    for number in range(ROLES - 2):  # with @everyone and the bot's own
        lines += ["[[guild.role]]", f'name = "Role {number}"', 'color = "#3498db"', ""]
    for number in range(CHANNELS):
        kind = "voice" if number % 5 == 4 else "text"
        lines += ["[[guild.channel]]", f'name = "channel-{number}"', f'type = "{kind}"', ""]
    for number in range(MEMBERS):
        roles = ", ".join(f'"Role {(number + step) % (ROLES - 2)}"' for step in range(3))
        lines += ["[[guild.member]]", f'user = "member{number}"', f"roles = [{roles}]", ""]
    return "\n".join(lines)
