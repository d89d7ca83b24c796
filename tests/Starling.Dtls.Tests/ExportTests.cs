using System.Buffers;

namespace Starling.Dtls.Tests;

public sealed class ExportTests
{
    [Theory]
    [InlineData(0xc0a8, true)]
    [InlineData(0xc037, false)]
    [InlineData(0xc02b, true)]
    public void Imported_session_goes_on_after_the_reserved_numbers(ushort suite, bool ids)
    {
        var pair = Established(suite, ids);
        pair.ClientSends(1);
        pair.ServerSends(2);
        pair.Settle();
        var used = pair.Server!.NextSequence;
        Import(pair, used + 100);
        Assert.Equal(used + 100, pair.Server.NextSequence);
        pair.Log.Clear();
        Assert.Equal((SendResult.Sent, SendResult.Sent), (pair.ServerSends(3), pair.ClientSends(4)));
        pair.Settle();
        Assert.Equal([3], pair.ReceivedByClient[^1]);
        Assert.Equal([4], pair.ReceivedByServer[^1]);
        Assert.Equal(suite, pair.Server.Progress.Suite!.Value.Value);
        Assert.Equal(pair.Client.Progress.PeerConnectionIdLength, pair.Server.Progress.OwnConnectionIdLength);
    }

    [Fact]
    public void Number_below_what_was_used_is_raised()
    {
        var pair = Established(0xc0a8, true);
        pair.ServerSends(1);
        var used = pair.Server!.NextSequence;
        Import(pair, 0);
        Assert.Equal(used, pair.Server.NextSequence);
    }

    [Fact]
    public void Record_from_before_the_export_is_refused_after_the_import()
    {
        var pair = Established(0xc0a8, true);
        pair.Tamper = (toServer, datagram) => toServer ? null : datagram;
        pair.ClientSends(7);     // it is under way while the server stops
        var late = pair.Log[^1].Datagram;
        pair.Tamper = (_, datagram) => datagram;
        pair.ClientSends(8);
        pair.Settle();
        Import(pair, 1000);
        pair.Inject(toServer: true, late);
        pair.Inject(toServer: true, pair.Log[^1].Datagram);
        pair.Settle();
        Assert.Equal([8], Assert.Single(pair.ReceivedByServer));
    }

    [Fact]
    public void Bytes_that_are_no_session_are_refused()
    {
        var bytes = Export(Established(0xc0a8, true).Server!);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(DtlsConnection.TryImport(bytes.AsSpan(0, length), new DtlsSettings(), 0, default, out _));
        }
        Assert.False(DtlsConnection.TryImport([.. bytes, 0], new DtlsSettings(), 0, default, out _));
        bytes[2] ^= 0xff;
        Assert.False(DtlsConnection.TryImport(bytes, new DtlsSettings(), 0, default, out _));
    }

    [Fact]
    public void Session_that_is_not_established_is_not_exported()
    {
        var pair = new DtlsPair { Loss = 100 }.Connect();
        Assert.False(pair.Client.TryExport(new ArrayBufferWriter<byte>()));
    }

    private static DtlsPair Established(ushort suite, bool ids)
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        pair.ClientSettings = pair.ClientSettings with { Suites = [new CipherSuite(suite)], ConnectionIdLength = ids ? (byte)0 : null };
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 8 };
        return pair.Connect();
    }

    private static void Import(DtlsPair pair, ulong first)
    {
        var bytes = Export(pair.Server!);
        pair.Server!.Dispose();
        Assert.True(DtlsConnection.TryImport(bytes, pair.ServerSettings, first, pair.ClientPath, out var imported));
        pair.Server = imported;
    }

    private static byte[] Export(DtlsConnection connection)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(connection.TryExport(output));
        return output.WrittenSpan.ToArray();
    }
}
