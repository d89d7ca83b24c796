using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>What becomes of sessions that do not come about (LwM2M Transport 1.2, table 5.2.10-1), and of an account that is written anew.</summary>
public class SecuredServerTests
{
    private static readonly OwnCredentials.PreSharedKey _key = new("device"u8.ToArray(), new byte[16]);

    [Fact]
    public async Task Credentials_of_the_account_go_to_the_channel()
    {
        await using var bench = NewBench(out var gate, _ => new HandshakeFailedException("no"));
        await bench.UntilAsync(RegistrationState.Backoff);
        var target = gate.Targets[0];
        Assert.Equal(bench.Account.Uri, target.Uri);
        var key = Assert.IsType<OwnCredentials.PreSharedKey>(target.Credentials);
        Assert.Equal(_key.Identity.ToArray(), key.Identity.ToArray());
        Assert.Equal(_key.Key.ToArray(), key.Key.ToArray());
    }

    [Theory]
    [InlineData(42)]
    [InlineData(43)]
    [InlineData(44)]
    [InlineData(45)]
    [InlineData(46)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(112)]
    [InlineData(113)]
    [InlineData(114)]
    [InlineData(115)]
    public async Task Alert_that_no_attempt_will_heal_ends_the_registration_at_once(byte alert)
    {
        await using var bench = NewBench(out var gate, _ => new HandshakeFailedException($"alert {alert}") { Alert = alert });
        await bench.UntilAsync(RegistrationState.Failed, TimeSpan.FromSeconds(5));
        Assert.Single(gate.Targets);
        Assert.True(bench.Client.Registrations[0].NeedsBootstrap);
        Assert.Equal($"alert {alert}", bench.Client.Registrations[0].Problem);
        Assert.Equal(alert, bench[1].Get(11).AsInteger());
        // It is tried again, as there is nobody to bootstrap from: 60, 180, 420, 900, 1860 and 3780 s behind the first attempt.
        await bench.Network.RunAsync(TimeSpan.FromHours(1));
        Assert.Equal(6, gate.Targets.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(47)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(70)]
    [InlineData(71)]
    [InlineData(80)]
    [InlineData(86)]
    [InlineData(90)]
    [InlineData(100)]
    [InlineData(111)]
    [InlineData(255)]
    public async Task Other_alert_is_followed_by_the_next_attempt(byte alert)
    {
        await using var bench = NewBench(out var gate, _ => new HandshakeFailedException("no") { Alert = alert });
        await bench.UntilAsync(RegistrationState.Failed);
        Assert.Equal(5, gate.Targets.Count);   // /1/x/17
        Assert.Equal(alert, bench[1].Get(11).AsInteger());
    }

    [Fact]
    public async Task Our_own_alert_and_silence_are_not_kept_and_not_final()
    {
        await using var bench = NewBench(out var gate, n => n % 2 == 0 ? new HandshakeFailedException("the server's certificate is expired") { Alert = 45, AlertIsOurs = true }
            : new HandshakeFailedException("no answer"));
        await bench.UntilAsync(RegistrationState.Failed);
        Assert.Equal(5, gate.Targets.Count);
        Assert.Equal(Lwm2mValue.None, bench[1].Get(11));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]   // a key that cannot be read, say: a server may have written it
    public async Task Channel_that_cannot_ends_an_attempt_and_not_the_client(bool isArgument)
    {
        await using var bench = NewBench(out var gate, _ => isArgument ? new ArgumentException("no such thing") : new NotSupportedException("no such thing"));
        await bench.UntilAsync(RegistrationState.Backoff);
        Assert.Equal("no such thing", bench.Client.Registrations[0].Problem);
        Assert.False(bench.Run.IsCompleted);
    }

    [Fact]
    public async Task Account_that_is_written_anew_counts_from_the_next_attempt_on()
    {
        await using var bench = NewBench(out var gate, _ => new HandshakeFailedException("no"));
        await bench.UntilAsync(RegistrationState.Backoff);
        bench[0].Set(0, "coaps://other.example:5684");
        bench[0].Set(3, Lwm2mValue.Opaque("new"u8.ToArray()));
        bench.Client.Update();
        await bench.Network.UntilAsync(() => gate.Targets.Count == 2);
        Assert.Equal("coaps://other.example:5684", gate.Targets[1].Uri.OriginalString);
        Assert.Equal("new"u8.ToArray(), Assert.IsType<OwnCredentials.PreSharedKey>(gate.Targets[1].Credentials).Identity.ToArray());
    }

    [Fact]
    public async Task Account_that_cannot_be_used_says_why_and_not_with_which_key()
    {
        await using var bench = NewBench(out var gate, _ => new HandshakeFailedException("no"));
        await bench.UntilAsync(RegistrationState.Backoff);
        bench[0].Set(5, Lwm2mValue.Opaque(default));
        bench.Client.Update();
        await bench.Network.UntilAsync(() => bench.Client.Registrations[0].Problem != "no");
        Assert.Equal("/0/0: there is no secret key (resource 5)", bench.Client.Registrations[0].Problem);
        Assert.Single(gate.Targets);
    }

    // Every attempt is refused; the function is told which one it is.
    private static TestBench NewBench(out GateChannel gate, Func<int, Exception> refuse)
    {
        var bench = new TestBench();
        bench.Account = bench.Account with { Uri = new Uri($"coaps://{TestBench.ServerAddress}"), Credentials = _key };
        GateChannel? made = null;
        bench.Front = channel =>
        {
            made = new GateChannel(channel);
            made.Refuse = () => refuse(made.Targets.Count);
            return made;
        };
        bench.Start();
        gate = made!;
        return bench;
    }
}
