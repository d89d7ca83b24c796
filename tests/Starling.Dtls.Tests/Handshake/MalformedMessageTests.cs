namespace Starling.Dtls.Tests;

/// <summary>Every byte of every message at 0, one more, one less and all ones, and every message cut short or made longer.</summary>
public sealed class MalformedMessageTests
{
    [Theory]
    [InlineData(0xc0a8, true)]
    [InlineData(0xc0a8, false)]
    [InlineData(0xc0ae, true)]
    [InlineData(0xc0ae, false)]
    [InlineData(0xd003, true)]
    [InlineData(0xd003, false)]
    public void Changed_byte_throws_nothing_and_gives_no_stranger_a_session(ushort suite, bool byClient)
    {
        var honest = new HandshakeTheatre(suite).Play()[byClient].Meant;
        for (var message = 0; message < honest.Count; message++)
        {
            foreach (var at in Positions(honest[message].Body.Length))
            {
                foreach (var value in (int[])[0, 1, -1, 0x100])
                {
                    Play(suite, byClient, message, body => Change(body, at, value));
                }
            }
        }
    }

    [Theory]
    [InlineData(0xc0a8, true)]
    [InlineData(0xc0a8, false)]
    [InlineData(0xc0ae, true)]
    [InlineData(0xc0ae, false)]
    public void Message_of_any_other_length_throws_nothing_and_gives_no_stranger_a_session(ushort suite, bool byClient)
    {
        var honest = new HandshakeTheatre(suite).Play()[byClient].Meant;
        for (var message = 0; message < honest.Count; message++)
        {
            foreach (var length in Positions(honest[message].Body.Length))
            {
                Play(suite, byClient, message, body => body[..Math.Min(length, body.Length)]);
            }
            Play(suite, byClient, message, body => [.. body, 0]);
            Play(suite, byClient, message, body => [.. body, .. new byte[300]]);
        }
    }

    // The dishonest end is a stranger: it does not have the key that the other end is told.
    private static void Play(ushort suite, bool byClient, int message, Func<byte[], byte[]> change)
    {
        var theatre = new HandshakeTheatre(suite);
        theatre.Answer = query => query is DtlsQuery.PreSharedKey ? new DtlsAnswer.UnknownIdentity() : new DtlsAnswer.Refused(DtlsAlert.AccessDenied);
        var index = 0;
        theatre[byClient].Script = sent => [index++ == message ? sent with { Body = change(sent.Body) } : sent];
        theatre.Play();
        Assert.False(theatre[!byClient].Handshake.IsDone);
    }

    // All of a short message; of a long one those where its structure is, and some of the rest.
    private static IEnumerable<int> Positions(int length) => Enumerable.Range(0, length).Where(i => i < 48 || i % 17 == 0);

    private static byte[] Change(byte[] body, int at, int value)
    {
        var changed = (byte[])body.Clone();
        if (at < changed.Length)
        {
            changed[at] = value is 0 or 0x100 ? (byte)(value == 0 ? 0 : 0xff) : (byte)(changed[at] + value);
        }
        return changed;
    }
}
