namespace Starling.Dtls.Tests;

/// <summary>What the record layer does with records that an honest peer would not have sent just so.</summary>
public sealed class RecordTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChangeCipherSpec_left_out_establishes_nobody(bool byClient)
    {
        var pair = Pair();
        pair.Tamper = (toServer, datagram) => toServer == byClient ? Without(datagram, 20) : datagram;
        pair.Connect();
        Assert.NotEqual(DtlsStatus.Established, (byClient ? pair.Server! : pair.Client).Status);
    }

    [Fact]
    public void ChangeCipherSpec_before_everything_changes_nothing()
    {
        var pair = Pair();
        pair.Tamper = (_, datagram) => datagram[13] is 1 or 2 ? [.. Plain(20, 0x1000, [1]), .. datagram] : datagram;
        pair.Connect();
        Assert.True(pair.Client.Status is DtlsStatus.Established or DtlsStatus.Closed);
        pair = Pair();
        pair.Connect();
        Assert.True(pair.IsEstablished);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Record_of_another_epoch_is_not_read(bool toServer)
    {
        for (var epoch = 0; epoch < 4; epoch++)
        {
            var pair = Pair().Connect();
            pair.Tamper = (_, datagram) => With(datagram, 4, (byte)epoch);
            (toServer ? pair.Client : pair.Server!).Send([1], toServer ? pair.ToServer : pair.ToClient);
            pair.Settle();
            Assert.Equal(epoch == 1 ? 1 : 0, pair.ReceivedByServer.Count + pair.ReceivedByClient.Count);
            Assert.True(pair.IsEstablished);
        }
    }

    [Fact]
    public void Changed_record_is_dropped_and_the_session_goes_on()
    {
        var pair = Pair().Connect();
        pair.ClientSends(1, 2, 3);
        var good = pair.Log[^1].Datagram;
        pair.Settle();
        pair.ReceivedByServer.Clear();
        pair.ClientSends(4);
        var fresh = pair.Log[^1].Datagram;
        pair.Settle();
        for (var at = 0; at < fresh.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                pair.Inject(toServer: true, With(fresh, at, (byte)(fresh[at] ^ (1 << bit))));
            }
        }
        for (var length = 0; length < good.Length; length++)
        {
            pair.Inject(toServer: true, good[..length]);
        }
        pair.Inject(toServer: true, good);    // replayed
        pair.Settle();
        Assert.Equal([4], Assert.Single(pair.ReceivedByServer));
        Assert.True(pair.IsEstablished);
        Assert.InRange(pair.Server!.Progress.Dropped, (8 * fresh.Length) - 8, (8 * fresh.Length) + (2 * good.Length));
    }

    [Fact]
    public void Record_of_the_session_before_does_not_end_a_handshake()
    {
        var before = Pair().Connect();
        before.ClientSends(1);
        var late = before.Log[^1].Datagram;
        var pair = Pair();
        pair.Tamper = (toServer, datagram) => toServer && datagram[0] == 22 && datagram[13] == 16 ? [.. late, .. datagram, .. late] : datagram;
        pair.Connect();
        Assert.True(pair.IsEstablished, pair.Server?.Progress.Failure);
        Assert.InRange(pair.Server!.Progress.Dropped, 2, 2);
    }

    [Fact]
    public void Plain_alert_does_not_end_a_session()
    {
        var pair = Pair().Connect();
        foreach (var level in (byte[])[1, 2])
        {
            for (var code = 0; code < 256; code++)
            {
                pair.Inject(toServer: true, Plain(21, (ulong)code, [level, (byte)code]));
                pair.Inject(toServer: false, Plain(21, (ulong)code, [level, (byte)code]));
            }
        }
        pair.Settle();
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void Last_flight_that_was_lost_is_sent_again_when_the_client_repeats_its_own()
    {
        var pair = Pair();
        var lost = 0;
        pair.Tamper = (toServer, datagram) => !toServer && datagram[0] == 20 && lost++ < 2 ? null : datagram;
        pair.Connect();
        Assert.True(pair.IsEstablished);
        Assert.Equal(3_000, pair.Now);   // 1 s, then 2 s
    }

    [Fact]
    public void Hello_inside_a_session_is_refused()
    {
        var pair = Pair().Connect();
        var hello = pair.Log[0].Datagram[13..];
        ((Connection12)pair.Client).Records.Emit(ContentType.Handshake, hello, pair.ToServer);
        pair.Log.Clear();
        pair.Settle();
        Assert.Single(pair.Log, l => !l.ToServer);   // no_renegotiation, under the session's keys
        Assert.True(pair.IsEstablished);
        pair.ClientSends(1);
        pair.Settle();
        Assert.Single(pair.ReceivedByServer);
    }

    [Fact]
    public void Hello_of_another_handshake_is_told_and_leaves_the_session_alone()
    {
        var pair = Pair().Connect();
        var other = Pair();
        other.Loss = 100;
        other.Connect();
        pair.Inject(toServer: true, other.Log[0].Datagram);
        pair.Inject(toServer: true, pair.Log[0].Datagram);     // its own hello again is nothing new
        pair.Settle();
        Assert.Equal([DtlsChanges.AnotherHello, DtlsChanges.None], pair.ChangesAtServer[^2..]);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void Record_path_allocates_nothing()
    {
        foreach (var suite in (ushort[])[0xc0a8, 0xc0a4])
        {
            var pair = Pair();
            pair.ClientSettings = pair.ClientSettings with { Suites = [new CipherSuite(suite)] };
            pair.Connect();
            var wire = new LastDatagram();
            var data = new byte[100];
            for (var round = 0; round < 3; round++)
            {
                var opened = 0;
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 100; i++)
                {
                    pair.Client.Send(data, wire);
                    pair.Server!.Receive(wire.Bytes.AsSpan(0, wire.Length), pair.ClientPath, 0, wire, out var received);
                    opened += received.Length;
                }
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.Equal((10_000, round < 2 ? allocated : 0), (opened, allocated));
            }
        }
    }

    private static DtlsPair Pair()
    {
        var pair = new DtlsPair();
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 8 };
        pair.ClientSettings = pair.ClientSettings with { ConnectionIdLength = 0 };
        return pair;
    }

    private static byte[] With(byte[] datagram, int at, byte value)
    {
        var changed = (byte[])datagram.Clone();
        changed[at] = value;
        return changed;
    }

    private static byte[] Plain(byte type, ulong sequence, byte[] content) =>
        [type, 0xfe, 0xfd, 0, 0, 0, 0, .. BitConverter.GetBytes((uint)sequence).Reverse(), 0, (byte)content.Length, .. content];

    private static byte[] Without(byte[] datagram, byte type)
    {
        var kept = new List<byte>();
        for (var at = 0; at < datagram.Length;)
        {
            var header = datagram[at] == 25 ? 21 : 13;
            var length = header + (datagram[at + header - 2] << 8) + datagram[at + header - 1];
            if (datagram[at] != type)
            {
                kept.AddRange(datagram[at..(at + length)]);
            }
            at += length;
        }
        return [.. kept];
    }

    private sealed class LastDatagram : IDtlsOutput
    {
        public byte[] Bytes { get; } = new byte[2048];

        public int Length { get; private set; }

        public void Emit(ReadOnlySpan<byte> datagram, PathId path)
        {
            datagram.CopyTo(Bytes);
            Length = datagram.Length;
        }
    }
}
