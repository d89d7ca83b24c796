namespace Starling.Dtls.Tests;

public sealed class PathTests
{
    private static readonly PathId _elsewhere = new(77);

    [Fact]
    public void Finished_on_another_path_than_the_hello_moves_nobody()
    {
        var pair = new DtlsPair();
        pair.ClientSettings = pair.ClientSettings with { ConnectionIdLength = 0 };
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 6 };
        var isCut = false;
        pair.Tamper = (toServer, datagram) =>
        {
            var at = toServer && !isCut ? datagram.AsSpan().IndexOf((ReadOnlySpan<byte>)[25, 0xfe, 0xfd, 0, 1]) : -1;   // the first record of epoch 1
            if (at <= 0)
            {
                return datagram;
            }
            isCut = true;
            pair.Inject(toServer: true, datagram[at..], _elsewhere);
            return datagram[..at];
        };
        pair.Connect();

        Assert.True(isCut);
        Assert.True(pair.IsEstablished);   // by the Finished that was sent again
        Assert.Equal(pair.ClientPath, pair.Server!.Path);
        Assert.DoesNotContain(pair.ChangesAtServer, c => c.HasFlag(DtlsChanges.PeerMoved));
    }

    [Fact]
    public void Newest_record_on_another_path_moves_the_peer()
    {
        var pair = Established(routability: false);
        pair.ClientPath = _elsewhere;
        pair.ClientSends(1);
        pair.Settle();
        Assert.Equal(_elsewhere, pair.Server!.Path);
        Assert.True(pair.ChangesAtServer[^1].HasFlag(DtlsChanges.PeerMoved | DtlsChanges.Application));
    }

    [Fact]
    public void Older_replayed_or_forged_record_moves_nobody()
    {
        var pair = Established(routability: false);
        pair.Tamper = (_, _) => null;
        pair.ClientSends(1);
        var older = pair.Log[^1].Datagram;
        pair.Tamper = (_, datagram) => datagram;
        pair.ClientSends(2);
        var newest = pair.Log[^1].Datagram;
        pair.Settle();
        pair.Inject(toServer: true, older, _elsewhere);
        pair.Inject(toServer: true, newest, _elsewhere);
        var forged = (byte[])newest.Clone();
        forged[10]++;
        pair.Inject(toServer: true, forged, _elsewhere);
        pair.Settle();
        Assert.NotEqual(_elsewhere, pair.Server!.Path);
        Assert.Equal([2, 1], pair.ReceivedByServer.Select(r => r[0]));   // the older one is good, and does not move
    }

    [Fact]
    public void New_path_proves_itself_and_until_then_gets_three_times_what_it_sent()
    {
        var pair = Established(routability: true);
        pair.ClientPath = _elsewhere;
        pair.Log.Clear();
        pair.Tamper = (toServer, datagram) => toServer ? datagram : null;   // what the server sends is lost
        pair.ClientSends(new byte[100]);
        pair.Settle(steps: 3);
        var received = pair.Log.Where(l => l.ToServer).Sum(l => l.Datagram.Length);
        Assert.Equal(SendResult.PathUnproven, pair.ServerSends(new byte[1000]));
        Assert.Equal(SendResult.Sent, pair.ServerSends(new byte[100]));
        Assert.InRange(pair.Log.Where(l => !l.ToServer).Sum(l => l.Datagram.Length), 1, 3 * received);
        pair.Tamper = (_, datagram) => datagram;
        pair.Settle();    // the challenge is sent again and answered
        Assert.Contains(pair.ChangesAtServer, c => c.HasFlag(DtlsChanges.PathProven));
        Assert.Equal(SendResult.Sent, pair.ServerSends(new byte[1000]));
        Assert.Equal(_elsewhere, pair.Server!.Path);
    }

    [Fact]
    public void Path_that_never_proves_itself_is_left()
    {
        var pair = Established(routability: true);
        var home = pair.Server!.Path;
        pair.Tamper = (toServer, datagram) => toServer ? datagram : null;
        pair.ClientPath = _elsewhere;
        pair.ClientSends(1);
        pair.Settle();
        Assert.Equal(home, pair.Server.Path);
        Assert.Equal(long.MaxValue, pair.Server.Deadline);
        Assert.Equal(SendResult.Sent, pair.ServerSends(new byte[1000]));
    }

    [Fact]
    public void Response_with_another_cookie_proves_nothing()
    {
        var proof = new PathProof(new PathId(1), _elsewhere, new DtlsSettings(), 0);
        Span<byte> answer = stackalloc byte[PathProof.Size];
        Assert.True(PathProof.TryAnswer(proof.Message, answer));
        Assert.True(proof.IsProvenBy(answer, _elsewhere));
        Assert.False(proof.IsProvenBy(answer, new PathId(1)));
        Assert.False(proof.IsProvenBy(proof.Message, _elsewhere));
        Assert.False(PathProof.TryAnswer(answer, stackalloc byte[PathProof.Size]));
        answer[^1] ^= 1;
        Assert.False(proof.IsProvenBy(answer, _elsewhere));
    }

    private static DtlsPair Established(bool routability)
    {
        var pair = new DtlsPair();
        pair.ClientSettings = pair.ClientSettings with { ConnectionIdLength = 0, CheckReturnRoutability = routability };
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 8 };
        pair.Connect();
        Assert.True(pair.IsEstablished);
        return pair;
    }
}
