using Starling.Client;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Platform.Tests;

public sealed class SilentServerTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly StringWriter _output = new();
    private readonly SilentServer _silence;

    public SilentServerTests()
    {
        _silence = new SilentServer(new Uri("coaps://127.0.0.1:5684"), _output, _time);
    }

    public void Dispose()
    {
        _silence.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Server_that_says_nothing_is_told_of_once()
    {
        _silence.Take(Status(RegistrationState.Registering));
        _time.Advance(SilentServer.Patience);
        _time.Advance(SilentServer.Patience);
        Assert.Equal(1, _output.ToString().Split("No answer from coaps://127.0.0.1:5684").Length - 1);
    }

    [Theory]
    [InlineData(RegistrationState.Registered, null)]
    [InlineData(RegistrationState.Backoff, "No session with 127.0.0.1:5684: decrypt_error")]
    [InlineData(RegistrationState.Failed, "4.03")]
    public void Server_that_says_yes_or_no_is_not_silent(RegistrationState state, string? problem)
    {
        _silence.Take(Status(state, problem));
        _silence.Take(Status(RegistrationState.Registering));
        _time.Advance(SilentServer.Patience);
        Assert.Equal("", _output.ToString());
    }

    private static RegistrationStatus Status(RegistrationState state, string? problem = null) => new(1, state, Lwm2mVersion.V12, Problem: problem);
}
