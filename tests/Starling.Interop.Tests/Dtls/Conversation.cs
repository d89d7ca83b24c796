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
            try
            {
                await RepeatAsync(Client, Server, $"ask {word}");
                Relay.CalmDown();
                await (Server.OnlyEchoes ? Client.HearAsync($"ask {word}") : RepeatAsync(Server, Client, $"tell {word}"));
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or IOException)
            {
                throw new InvalidOperationException($"'{word}' did not get through.\nServer: {Server.Said}\nClient: {Client.Said}", e);
            }
        }

        // The relay loses lines as well.
        private static async Task RepeatAsync(SecureSession from, SecureSession to, string line)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
            var heard = to.HearAsync(line);
            do
            {
                await from.SayAsync(line);
            }
            while (await Task.WhenAny(heard, timer.WaitForNextTickAsync().AsTask()) != heard);
            await heard;
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
