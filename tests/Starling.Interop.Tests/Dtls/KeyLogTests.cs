namespace Starling.Interop.Tests;

/// <summary>tshark decrypts our sessions with the key log.</summary>
[Trait("Category", "Interop")]
public sealed class KeyLogTests
{
    private const string Secret = "secret of a test";   // a whole line of a hex dump

    [PeerTheory(Peers.Tshark, Peers.Mbedtls)]
    [InlineData("C0A8")]
    [InlineData("00A8")]
    [InlineData("C02B")]
    [InlineData("C023 no-ems")]
    public async Task Session_is_read_with_the_key_log(string what)
    {
        var (capture, lines) = (new Capture(5684), new List<string>());
        var port = Ports.Free();
        await using (var us = OurPeer.Server(port, SecureCase.Parse(what) with { KeyLog = lines.Add }))
        await using (var relay = new Relay(port, RelayConditions.Calm) { Watch = (isClients, datagram) => capture.Add(!isClients, datagram) })
        await using (var client = new TunnelPeer(Peers.Mbedtls).Connect(relay.Port, SecureCase.Parse(what)))
        {
            await client.SayAsync(Secret);
            await us.HearAsync(Secret);
        }
        Assert.DoesNotContain(Secret, await ReadAsync(capture, []), StringComparison.Ordinal);
        Assert.Contains(Secret, await ReadAsync(capture, lines), StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(Capture capture, List<string> keyLog)
    {
        var folder = Directory.CreateTempSubdirectory("starling-keylog-");
        try
        {
            var (file, keys) = (Path.Combine(folder.FullName, "capture.pcap"), Path.Combine(folder.FullName, "keys"));
            capture.Save(file);
            await File.WriteAllLinesAsync(keys, keyLog);
            var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(Peers.Tshark),
                "-n", "-r", file, "-o", $"tls.keylog_file:{keys}", "-d", "udp.port==5684,dtls", "-Y", "dtls.app_data", "-x");
            Assert.True(exit == 0, output);
            return output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
