using Sent = Starling.Dtls.Tests.ScriptedCarrier.Sent;

namespace Starling.Dtls.Tests;

/// <summary>
/// One end is dishonest and consistent with itself: it leaves out, repeats, swaps or moves a message and makes its Finished over what it really sent. The
/// other end must never be done.
/// </summary>
public sealed class StateMachineTests
{
    public static TheoryData<ushort, bool> Roles
    {
        get
        {
            var data = new TheoryData<ushort, bool>();
            foreach (var suite in (ushort[])[0xc0a8, 0xd003, 0xc0ae])
            {
                data.Add(suite, true);
                data.Add(suite, false);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Honest_ends_are_done(ushort suite, bool isClient)
    {
        var theatre = new HandshakeTheatre(suite).Play();
        Assert.True(theatre[isClient].Handshake.IsDone, theatre[isClient].Handshake.Failure?.Why);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_left_out_establishes_nobody(ushort suite, bool byClient) =>
        NobodyIsDone(suite, byClient, at => (sent, index) => index == at ? [] : [sent]);

    [Theory]
    [MemberData(nameof(Roles))]
    public void Two_messages_left_out_establish_nobody(ushort suite, bool byClient) =>
        NobodyIsDone(suite, byClient, at => (sent, index) => index == at || index == at + 1 ? [] : [sent]);

    [Theory]
    [MemberData(nameof(Roles))]
    public void Certificate_and_its_proof_left_out_establish_nobody(ushort suite, bool byClient) =>
        NobodyIsDone(suite, byClient, at => (sent, _) => sent.Type is HandshakeType.Certificate or HandshakeType.CertificateVerify ? [] : [sent], needs: HandshakeType.Certificate);

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_repeated_establishes_nobody(ushort suite, bool byClient) =>
        NobodyIsDone(suite, byClient, at => (sent, index) => index == at ? [sent, sent] : [sent], but: HandshakeType.Finished);

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_under_the_other_keys_establishes_nobody(ushort suite, bool byClient) =>
        NobodyIsDone(suite, byClient, at => (sent, index) => index == at ? [sent with { IsProtected = !sent.IsProtected }] : [sent]);

    [Theory]
    [MemberData(nameof(Roles))]
    public void Messages_swapped_establish_nobody(ushort suite, bool byClient) => NobodyIsDone(suite, byClient, at =>
    {
        Sent? held = null;
        return (sent, index) =>
        {
            if (index == at)
            {
                held = sent;
                return [];
            }
            return index == at + 1 ? [sent, held!] : [sent];
        };
    });

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_of_any_other_type_in_its_place_establishes_nobody(ushort suite, bool byClient)
    {
        foreach (var type in Enum.GetValues<HandshakeType>())
        {
            NobodyIsDone(suite, byClient, at => (sent, index) => index == at && sent.Type != type ? [sent with { Type = type }] : [sent], skip: sent => sent.Type == type);
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Message_of_any_type_put_in_between_establishes_nobody(ushort suite, bool byClient)
    {
        foreach (var type in Enum.GetValues<HandshakeType>())
        {
            NobodyIsDone(suite, byClient, at => (sent, index) => index == at ? [new Sent(type, [], sent.IsProtected), sent] : [sent],
                skip: sent => type == HandshakeType.ServerHelloDone && sent.Type == type);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resumption_with_a_message_left_out_or_repeated_establishes_nobody(bool byClient)
    {
        for (var at = 0; at < 4; at++)
        {
            foreach (var times in (int[])[0, 2])
            {
                var (theatre, meant) = Resumed();
                var index = 0;
                var position = at;
                theatre[byClient].Script = sent => index++ == position ? Enumerable.Repeat(sent, times) : [sent];
                theatre.Play();
                var isThere = position < theatre[byClient].Meant.Count && !(times == 2 && theatre[byClient].Meant[position].Type == HandshakeType.Finished);
                Assert.False(isThere && theatre[!byClient].Handshake.IsDone, $"{times} of message {position}");
                Assert.NotNull(meant);
            }
        }
    }

    private static (HandshakeTheatre Theatre, HandshakeTheatre First) Resumed()
    {
        var keys = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        var cache = new DtlsSessionCache();
        var first = new HandshakeTheatre(0xc0a8, cache, keys: keys).Play();
        var second = new HandshakeTheatre(0xc0a8, cache, first.Client.Handshake.Resumption, keys);
        return (second, first);
    }

    private static void NobodyIsDone(
        ushort suite, bool byClient, Func<int, Func<Sent, int, IEnumerable<Sent>>> scriptAt, HandshakeType? needs = null, HandshakeType? but = null, Func<Sent, bool>? skip = null)
    {
        var honest = new HandshakeTheatre(suite).Play()[byClient].Meant;
        if (needs is { } type && honest.All(m => m.Type != type))
        {
            return;
        }
        for (var at = 0; at < honest.Count; at++)
        {
            if (honest[at].Type == but || skip?.Invoke(honest[at]) == true)
            {
                continue;
            }
            var theatre = new HandshakeTheatre(suite);
            var script = scriptAt(at);
            var index = 0;
            theatre[byClient].Script = sent => script(sent, index++);
            var other = theatre.Play()[!byClient].Handshake;
            Assert.False(other.IsDone, $"{honest[at].Type}, {other.Step}");
        }
    }
}
