namespace Starling.Interop.Tests;

/// <summary>What two sides do with a session: a line there, a line back, and a close_notify that the other side hears.</summary>
internal static class Conversation
{
    /// <summary>Through a relay that disturbs the handshake only, so that lines need not be repeated.</summary>
    public static async Task HoldAsync(SecurePeer server, SecurePeer client, SecureCase what, RelayConditions? conditions = null)
    {
        await using var conversation = await StartAsync(server, client, what, conditions);
        await conversation.ExchangeAsync("one");
        await conversation.EndAsync();
    }

    public static async Task<Running> StartAsync(SecurePeer server, SecurePeer client, SecureCase what, RelayConditions? conditions = null)
    {
        var port = Ports.Free();
        var listening = server.Listen(port, what);
        await SecurePeer.WaitForPortAsync(port);
        var relay = new Relay(port, conditions ?? RelayConditions.Calm);
        return new Running(listening, client.Connect(relay.Port, what), relay);
    }

    /// <summary>Both sides and what is between them.</summary>
    internal sealed record Running(SecureSession Server, SecureSession Client, Relay Relay) : IAsyncDisposable
    {
        /// <summary>A line from the client and one back. The first one proves that the handshake is over on both sides.</summary>
        public async Task ExchangeAsync(string word)
        {
            await Client.SayAsync($"ask {word}");
            await Server.HearAsync($"ask {word}");
            Relay.CalmDown();
            if (Server.OnlyEchoes)
            {
                await Client.HearAsync($"ask {word}");
                return;
            }
            await Server.SayAsync($"tell {word}");
            await Client.HearAsync($"tell {word}");
        }

        /// <summary>The client goes.</summary>
        public async Task EndAsync()
        {
            await Client.CloseAsync();
            await Server.WaitClosedAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            await Relay.DisposeAsync();
        }
    }
}
